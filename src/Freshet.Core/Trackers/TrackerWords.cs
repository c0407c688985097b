namespace Freshet.Core.Trackers;

/// <summary>What trackers say to people, made fit to be shown: on one line, and not endless.</summary>
internal static class TrackerWords
{
    public static string Read(ReadOnlySpan<byte> utf8) => ForeignText.Clean(utf8, Limits.MaxTrackerMessageLength);

    public static string Clean(string text) => ForeignText.Clean(text, Limits.MaxTrackerMessageLength);
}
