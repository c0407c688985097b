using System.Collections.Immutable;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>The public options in the machine's words.</summary>
internal static class Translation
{
    public static TorrentMachineOptions ToMachine(SessionServices services, SwarmIdentity identity, TorrentOptions options) => new()
    {
        Identity = options.UseTrackers ? identity : identity.WithoutTrackers(),
        PeerId = services.PeerId,
        ListenPort = services.ListenPort,
        AnnounceKey = services.AnnounceKey,
        AnnounceFamilies = services.AnnounceFamilies,
        Extensions = ExchangeExtensions.Factory,
        Allotment = Allotment.None,
        Settings = ToSettings(options),
    };

    /// <summary>What a session's torrents share.</summary>
    /// <param name="options">What the user allows.</param>
    /// <param name="mostConnections">What the system allows.</param>
    /// <param name="blocks">The memory for payload.</param>
    public static SessionLimits ToLimits(SessionOptions options, int mostConnections, int blocks)
    {
        int connections = Math.Min(options.MaxConnections, mostConnections);

        // A part is kept free for newcomers that take the place of others: else nobody could come in to be compared.
        int beyond = Math.Min(Limits.MaxIncomingBeyond, connections / 10);
        return new SessionLimits
        {
            Connections = connections - beyond,
            IncomingBeyond = beyond,
            Dials = options.MaxHalfOpen,
            Checks = options.DiskThreads,
            Blocks = blocks,
        };
    }

    public static TorrentSettings ToSettings(TorrentOptions options) => new()
    {
        FilePriorities = [.. options.FilePriorities.Select(ToPiecePriority)],
        OnlyPieces = options.OnlyPieces,
        Sequential = options.Sequential,
        FirstAndLastFirst = options.FirstAndLastFirst,
        MaxPeers = options.MaxPeers,
        UploadSlots = options.UploadSlots,
        SuperSeeding = options.SuperSeed,
        SeedChoking = options.SeedChoking,
    };

    public static DiskFailure ToFailure(StorageError error, DiskOperation operation, ImmutableArray<PieceIndex> pieces) =>
        new(operation, error.Message, pieces) { Code = ToReason(error.Kind) };

    /// <summary>The storage's own kinds, as users see them.</summary>
    public static TorrentReason ToReason(StorageErrorKind kind) => kind switch
    {
        StorageErrorKind.DiskFull => TorrentReason.DiskFull,
        StorageErrorKind.QuotaExceeded => TorrentReason.QuotaExceeded,
        StorageErrorKind.PermissionDenied => TorrentReason.PermissionDenied,
        StorageErrorKind.ReadOnly => TorrentReason.ReadOnly,
        StorageErrorKind.Missing => TorrentReason.Missing,
        StorageErrorKind.IoError => TorrentReason.IoError,
        StorageErrorKind.TooManyOpenFiles => TorrentReason.TooManyOpenFiles,
        StorageErrorKind.FileTooLarge => TorrentReason.FileTooLarge,
        StorageErrorKind.UnsafePath => TorrentReason.UnsafePath,
        StorageErrorKind.NotAFile => TorrentReason.NotAFile,
        StorageErrorKind.Replaced => TorrentReason.Replaced,
        _ => TorrentReason.Other,
    };

    private static PiecePriority ToPiecePriority(FilePriority priority) => priority switch
    {
        FilePriority.Normal => PiecePriority.Normal,
        FilePriority.Skip => PiecePriority.Skip,
        FilePriority.Low => PiecePriority.Low,
        FilePriority.High => PiecePriority.High,
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "An unknown priority."),
    };
}
