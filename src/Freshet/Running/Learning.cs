using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.Diagnostics;
using Freshet.Loops;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// The first step after peers have sent a torrent's metadata: it is parsed, and saved so that the next start needs no peers. One call at a
/// time.
/// </summary>
internal sealed class Learning(SessionServices services, TorrentActor actor, RunningParts parts)
{
    /// <summary>Parses the metadata and saves it.</summary>
    /// <param name="info">The info dictionary.</param>
    /// <param name="torrent">The .torrent it comes from, whose trackers and web seeds are used as well; null if it came from peers.</param>
    /// <param name="givenUp">Cancelled, without result, when a disk that does not respond is given up.</param>
    /// <exception cref="FreshetException">
    /// The metadata cannot be used, is of a torrent that is already in the session, or cannot be saved.
    /// </exception>
    public async Task<LearnedTorrent> TakeInAsync(ReadOnlyMemory<byte> info, TorrentMetainfo? torrent, CancellationToken givenUp)
    {
        MagnetLink link = parts.Memory.Link ?? throw new InvalidOperationException("A torrent without metadata has a link.");
        if (torrent is not null)
        {
            link = link with
            {
                Trackers = [.. link.Trackers.Union(torrent.Trackers.SelectMany(tier => tier)).Take(MetainfoLimits.MaxTrackers)],
                WebSeeds = [.. link.WebSeeds.Union(torrent.WebSeeds).Take(MetainfoLimits.MaxWebSeeds)],
            };
        }

        LearnedTorrent learned = await services.Storage.Disk.RunAsync(
            parts.Memory.Folder,
            () => LearnedTorrent.Read(info, link, parts.Memory.Folder, actor.Options.PortableNames))
            .WaitOrLeaveAsync(givenUp).ConfigureAwait(false);
        if (!services.Torrents.TryLearn(actor.Handle, learned.Source.Identity.SwarmHashes))
        {
            throw new FreshetException(
                FreshetError.TorrentExists, $"\"{learned.Metainfo.Name}\" is in this session already, by its other info-hash. Remove one.");
        }

        if (FindConflict(learned.Metainfo) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
        await KeepAsync(learned, givenUp).ConfigureAwait(false);
        return learned;
    }

    /// <summary>On the loop: reports the new metadata.</summary>
    public void Announce(TorrentMetainfo metainfo)
    {
        Log.MetadataReceived(services.Logger, metainfo.Name, metainfo.Layout.TotalLength, metainfo.Layout.PieceCount);
        services.Events.Publish(new SessionEvent.MetadataReceived(actor.Handle));
        foreach (string warning in metainfo.Warnings)
            services.Events.Publish(new SessionEvent.Warning(actor.Handle, warning));
    }

    /// <summary>The reason code of a torrent that fails because its metadata cannot be used or saved.</summary>
    public static TorrentReason ReasonOf(FreshetException e) => e.Error switch
    {
        FreshetError.Storage => TorrentReason.StateNotWritable,
        FreshetError.Malformed => TorrentReason.UnusableMetadata,
        _ => TorrentReason.Other,
    };

    // If the torrent stops at its metadata, it must not resume by itself after a crash either.
    private static TorrentRecord Stamp(TorrentRecord record, LearnedTorrent learned) => record with
    {
        HasPortableNames = learned.HasPortableNames,
        Run = record.Options.StopAtMetadata ? RunState.Stopped : record.Run,
    };

    // Nothing is planned for the torrent yet, so it can still be refused.
    private string? FindConflict(TorrentMetainfo metainfo)
    {
        StoredFiles files = new(metainfo, actor.Map, parts.Memory.Folder);
        return services.Torrents.Writers.TryTake(actor, files, writers => SharedFiles.FindConflict(writers, actor, files));
    }

    private async Task KeepAsync(LearnedTorrent learned, CancellationToken givenUp)
    {
        Func<TorrentRecord, TorrentRecord>? stamp = null;
        await actor.OnLoopAsync(now =>
        {
            actor.Select(learned.Metainfo, now);
            stamp = parts.History.Stamp(actor.Options, parts.Machine.Snapshot(now));
        }).ConfigureAwait(false);
        try
        {
            await parts.Memory.LearnAsync(
                learned.Source,
                learned.Metainfo,
                record => Stamp(stamp!(record), learned),
                givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"The torrent's metadata came, but cannot be kept: {e.Message.TrimEnd('.')}. "
                + "Make the state folder writable and see that it has space; then start the torrent again.",
                e);
        }
    }
}
