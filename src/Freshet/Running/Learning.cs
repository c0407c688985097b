using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.Diagnostics;
using Freshet.Loops;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// What comes first when peers have given a torrent's metadata: it is read, and kept so that the next start needs no peers. One call at a
/// time.
/// </summary>
internal sealed class Learning(SessionServices services, TorrentActor actor, RunningParts parts)
{
    /// <summary>Reads metadata, and keeps it.</summary>
    /// <param name="info">The info dictionary.</param>
    /// <param name="torrent">The .torrent that it comes from, whose trackers and web seeds are taken, too; null if peers gave it.</param>
    /// <param name="givenUp">Ends the waiting for a disk that does not answer; nothing comes of it then.</param>
    /// <exception cref="FreshetException">It cannot be used, is of a torrent that the session has already, or cannot be kept.</exception>
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

    /// <summary>On the loop: tells everybody.</summary>
    public void Announce(TorrentMetainfo metainfo)
    {
        Log.MetadataReceived(services.Logger, metainfo.Name, metainfo.Layout.TotalLength, metainfo.Layout.PieceCount);
        services.Events.Publish(new SessionEvent.MetadataReceived(actor.Handle));
        foreach (string warning in metainfo.Warnings)
            services.Events.Publish(new SessionEvent.Warning(actor.Handle, warning));
    }

    /// <summary>Why a torrent fails that cannot learn, for programs.</summary>
    public static TorrentReason ReasonOf(FreshetException e) => e.Error switch
    {
        FreshetError.Storage => TorrentReason.StateNotWritable,
        FreshetError.Malformed => TorrentReason.UnusableMetadata,
        _ => TorrentReason.Other,
    };

    // One that is to stop now does not go on by itself after a crash either.
    private static TorrentRecord Stamp(TorrentRecord record, LearnedTorrent learned) => record with
    {
        HasPortableNames = learned.HasPortableNames,
        Run = record.Options.StopAtMetadata ? RunState.Stopped : record.Run,
    };

    // Nothing is planned for it yet, so that it may be refused still.
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
