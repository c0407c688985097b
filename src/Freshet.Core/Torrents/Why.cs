namespace Freshet.Core.Torrents;

/// <summary>What a torrent is busy with, for programs and in a sentence for people.</summary>
internal readonly record struct Why(WhyCode Code, string Words);
