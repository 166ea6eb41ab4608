declare const __ADDRESS__: string;
declare const __VERSION__: string;
