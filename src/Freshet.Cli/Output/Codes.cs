using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Output;

/// <summary>The stable codes of <c>--json</c> for states and reasons. They are documented in docs/cli.md and never change.</summary>
internal static class Codes
{
    public static string Of(TorrentState state) => state switch
    {
        TorrentState.Stopped => "stopped",
        TorrentState.Checking => "checking",
        TorrentState.Downloading => "downloading",
        TorrentState.Seeding => "seeding",
        TorrentState.WaitingForDisk => "waiting-for-disk",
        TorrentState.Failed => "failed",
        TorrentState.FetchingMetadata => "fetching-metadata",
        TorrentState.Queued => "queued",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a code."),
    };

    /// <summary>Null if there is no reason.</summary>
    public static string? Of(TorrentReason reason) => reason switch
    {
        TorrentReason.None => null,
        TorrentReason.DiskFull => "disk-full",
        TorrentReason.QuotaExceeded => "quota-exceeded",
        TorrentReason.PermissionDenied => "permission-denied",
        TorrentReason.ReadOnly => "read-only",
        TorrentReason.Missing => "missing",
        TorrentReason.IoError => "io-error",
        TorrentReason.TooManyOpenFiles => "too-many-open-files",
        TorrentReason.FileTooLarge => "file-too-large",
        TorrentReason.UnsafePath => "unsafe-path",
        TorrentReason.Replaced => "replaced",
        TorrentReason.NotAFile => "not-a-file",
        TorrentReason.StateNotWritable => "state-not-writable",
        TorrentReason.UnusableMetadata => "unusable-metadata",
        TorrentReason.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason without a code."),
    };

    public static string Of(PlacedAs way) => way switch
    {
        PlacedAs.Link => "link",
        PlacedAs.Clone => "clone",
        PlacedAs.Copy => "copy",
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "A way without a code."),
    };

    public static string Of(WhyCode why) => why switch
    {
        WhyCode.Stopped => "stopped",
        WhyCode.Checking => "checking",
        WhyCode.WaitingForDisk => "waiting-for-disk",
        WhyCode.Failed => "failed",
        WhyCode.Downloading => "downloading",
        WhyCode.Uploading => "uploading",
        WhyCode.NobodyRequests => "nobody-requests",
        WhyCode.NobodyConnected => "nobody-connected",
        WhyCode.Connecting => "connecting",
        WhyCode.PeersUnreachable => "peers-unreachable",
        WhyCode.AskingTracker => "asking-tracker",
        WhyCode.AskingDht => "asking-dht",
        WhyCode.NoOtherPeers => "no-other-peers",
        WhyCode.TrackerFailed => "tracker-failed",
        WhyCode.NoPeersKnown => "no-peers-known",
        WhyCode.WebSeedsFailed => "web-seeds-failed",
        WhyCode.AllBanned => "all-banned",
        WhyCode.WaitingForFiles => "waiting-for-files",
        WhyCode.DiskBehind => "disk-behind",
        WhyCode.NobodyHasMissing => "nobody-has-missing",
        WhyCode.AllChoke => "all-choke",
        WhyCode.NobodySends => "nobody-sends",
        WhyCode.MetadataMissing => "metadata-missing",
        WhyCode.Queued => "queued",
        WhyCode.OurLimit => "our-limit",
        WhyCode.HashFailures => "hash-failures",
        WhyCode.NoFreeConnection => "no-free-connection",
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "A reason without a code."),
    };

    public static string Of(SeedLimit limit) => limit switch
    {
        SeedLimit.Ratio => "ratio",
        SeedLimit.SeedTime => "seed-time",
        SeedLimit.IdleTime => "idle-time",
        _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, "A limit without a code."),
    };

    public static string Of(PeerEncryption encryption) => encryption switch
    {
        PeerEncryption.None => "none",
        PeerEncryption.Handshake => "handshake",
        PeerEncryption.Full => "full",
        _ => throw new ArgumentOutOfRangeException(nameof(encryption)),
    };
}
