export const isWholePage = (text: string): boolean => /^\s*<(!doctype html|html)/i.test(text);
