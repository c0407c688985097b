using System.Collections.Immutable;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>Translates the public options into those of the machines.</summary>
internal static class Translation
{
    public static TorrentMachineOptions ToMachine(SessionServices services, SwarmIdentity identity, TorrentOptions options) => new()
    {
        Identity = identity,
        PeerId = services.PeerId,
        ListenPort = services.Network.ListenPort,
        AnnounceKey = services.AnnounceKey,
        AnnounceFamilies = services.Network.AnnounceFamilies,
        Extensions = !services.Options.PeerExchange ? ExchangeExtensions.WithoutPeers
            : services.Network.HasUtp ? ExchangeExtensions.Factory
            : ExchangeExtensions.WithoutHoles,
        PrefersEncryption = services.Options.Encryption.Outgoing is EncryptionPolicy.Preferred or EncryptionPolicy.Required,
        Filter = services.Network.Binding.Filter,
        Addresses = services.Network.Addresses,
        Allotment = ToQueue(services.Options.Queue).AreNone ? Allotment.None : Allotment.None with { Waits = QueuePlace.Unknown },
        Settings = ToSettings(services.Options, options),
    };

    /// <summary>The limits that a session's torrents share.</summary>
    /// <param name="options">The limits set by the user.</param>
    /// <param name="mostConnections">The limit set by the system.</param>
    /// <param name="blocks">The memory for payload.</param>
    public static SessionLimits ToLimits(SessionOptions options, int mostConnections, int blocks)
    {
        int connections = Math.Min(options.MaxConnections, mostConnections);

        // A part is reserved for newcomers that replace others: otherwise nobody could connect to be compared.
        int beyond = Math.Min(Limits.MaxIncomingBeyond, connections / 10);
        return new SessionLimits
        {
            Connections = connections - beyond,
            IncomingBeyond = beyond,
            Dials = options.MaxHalfOpen,
            Checks = options.Queue.MaxChecks ?? options.DiskThreads,
            Queue = ToQueue(options.Queue),
            UploadSlots = UploadSlots.Most(options.MaxUploadRate) ?? Limits.DefaultUploadSlotsPerSession,
            Blocks = blocks,
        };
    }

    public static TorrentSettings ToSettings(SessionOptions session, TorrentOptions options) => new()
    {
        FilePriorities = [.. options.FilePriorities.Select(ToPiecePriority)],
        OnlyPieces = options.OnlyPieces,
        Trackers = options.UseTrackers ? options.Trackers : [],
        Sequential = options.Sequential,
        FirstAndLastFirst = options.FirstAndLastFirst,
        MaxPeers = options.MaxPeers,
        UploadSlots = options.UploadSlots,
        SuperSeeding = options.SuperSeed,
        SeedChoking = options.SeedChoking,
        MaxUploadRate = options.MaxUploadRate,
        IsForced = options.ForceStart,
        Slow = session.Queue.IgnoreSlow is { } slow ? new SlowRule(slow.Below, slow.For) : null,
    };

    private static QueueLimits ToQueue(QueueOptions options) => new()
    {
        Downloads = options.MaxActiveDownloads ?? int.MaxValue,
        Seeds = options.MaxActiveSeeds ?? int.MaxValue,
        Active = options.MaxActive ?? int.MaxValue,
    };

    /// <summary>Reports the result of an announce to a machine.</summary>
    public static void Report(
        TorrentMachine machine, AnnounceTarget target, TrackerOutcome<AnnounceResponse> outcome, Timestamp now)
    {
        if (outcome.HasAnswer)
            machine.OnAnnounced(target, outcome.Answer, now);
        else if (outcome.Fault == TrackerFault.Skipped)
            machine.OnAnnounceSkipped(target, now);
        else if (outcome.Fault == TrackerFault.PutOff)
            machine.OnAnnouncePutOff(target, now);
        else
            machine.OnAnnounceFailed(target, outcome.Failure, now);
    }

    public static DiskFailure ToFailure(StorageError error, DiskOperation operation, ImmutableArray<PieceIndex> pieces) =>
        new(operation, error.Message, pieces) { Code = ToReason(error.Kind) };

    /// <summary>Maps the storage's error kinds to the public ones.</summary>
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
