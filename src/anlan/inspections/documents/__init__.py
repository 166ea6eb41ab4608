"""The site record (现场检查记录) as people file it: Word and PDF from one account of the facts."""
