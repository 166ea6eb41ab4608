"""What everybody should know: what to do in an emergency, what counts as a major hazard, what the law says, what was put right here."""
