export interface FindingDraft {
  id: string;
  risk_point: string;
  place: string;
  category: string;
  description: string;
  photos: string[];
}
