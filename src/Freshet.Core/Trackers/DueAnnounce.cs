namespace Freshet.Core.Trackers;

/// <summary>An announce to make now.</summary>
/// <param name="Target">To whom; the answer is reported with it.</param>
/// <param name="Event">Why.</param>
/// <param name="TrackerId">The id that this tracker wants to be repeated, or null.</param>
internal readonly record struct DueAnnounce(AnnounceTarget Target, AnnounceEvent Event, ReadOnlyMemory<byte>? TrackerId);
