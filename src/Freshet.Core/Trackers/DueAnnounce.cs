namespace Freshet.Core.Trackers;

/// <summary>An announce to make now.</summary>
/// <param name="Target">The target, with which the outcome is reported.</param>
/// <param name="Event">The event.</param>
/// <param name="TrackerId">The tracker id to send back to this tracker, or null.</param>
internal readonly record struct DueAnnounce(AnnounceTarget Target, AnnounceEvent Event, ReadOnlyMemory<byte>? TrackerId);
