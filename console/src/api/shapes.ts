import type { components } from './schema';

type Schemas = components['schemas'];

// The values of the API under the names that the screens use.
export type Computed = Schemas['ComputedTold'];
export type Identifier = Schemas['IdentifierTold'];
export type Job = Schemas['JobTold'];
export type Tag = Schemas['TagTold'];
export type TagValue = Schemas['TagValueTold'];
export type Evidence = Schemas['EvidenceTold'];
export type Batch = Schemas['BatchTold'];
export type Found = Schemas['ListedPersonTold'];
export type TimelineEvent = Schemas['TimelineEventTold'];
export type Session = Schemas['SessionTold'];
export type Overview = Schemas['OverviewTold'];
export type Day = Overview['days'][number];
export type FoundPage = Schemas['FoundPeopleTold'];
export type Profile = Schemas['ProfileTold'];
export type Timeline = Schemas['TimelineTold'];
export type VisitSession = Timeline['sessions'][number];
export type Order = Schemas['PersonOrderTold'];
export type TagSummary = Schemas['TagSummaryTold'];
export type Problem = Schemas['ProblemTold'];
export type Vocabulary = Schemas['WordingTold'];
export type Item = Schemas['ItemTold'];
export type Imported = Schemas['ImportTold'];
export type PreviewRow = Schemas['PreviewTold'];
export type AudienceSize = Schemas['AudienceTold'];
export type ApiToken = Schemas['ApiTokenTold'];
export type Refused = Schemas['RefusedTold'];
export type SavedAudience = Schemas['SavedAudienceTold'];
export type Typical = Schemas['TypicalTold'];
export type Comparison = Schemas['ComparisonTold'];
export type ComparedTag = Schemas['ComparedTagTold'];
export type CountedLink = Schemas['CountedLinkTold'];
export type LinkPage = Schemas['LinkPageTold'];
export type NewLink = Schemas['LinkAsked'];
