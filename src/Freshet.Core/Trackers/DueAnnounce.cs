namespace Freshet.Core.Trackers;

/// <summary>An announce to make now.</summary>
/// <param name="Tracker">Its URL, by which the answer is reported.</param>
/// <param name="Family">Over which family; reported with the answer.</param>
/// <param name="Event">Why.</param>
/// <param name="TrackerId">What this tracker told us to say, or null.</param>
internal readonly record struct DueAnnounce(string Tracker, AnnounceFamily Family, AnnounceEvent Event, ReadOnlyMemory<byte>? TrackerId);
