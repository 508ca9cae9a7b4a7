export interface TourOptions {
  quick: boolean;
  seed: number;
  out: string;
}
export async function tour(_options: TourOptions): Promise<void> {}
