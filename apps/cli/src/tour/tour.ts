export interface TourOptions {
  quick: boolean;
  seed: number;
  out: string;
}
export async function tour(_options: TourOptions): Promise<void> {
  throw new Error("not written yet");
}
