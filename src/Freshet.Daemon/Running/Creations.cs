using System.Globalization;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Http;
using Freshet.Daemon.Logging;

namespace Freshet.Daemon.Running;

/// <summary>Torrents created from files on the server: a few at once, and the most recent results are kept.</summary>
internal sealed class Creations(Session session, LogBook log, CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Creation> _all = [];
    private readonly OneOfFew _turns = new(Bounds.MaxRunningCreations);
    private int _last;

    public IReadOnlyList<CreationItem> All
    {
        get
        {
            lock (_lock)
                return [.. _all.Values.Select(creation => creation.Item)];
        }
    }

    /// <exception cref="ApiException">Too many are in progress.</exception>
    public CreationItem Begin(string path, TorrentCreation options, bool seed)
    {
        Creation creation;
        lock (_lock)
        {
            if (_all.Count >= Bounds.MaxCreations)
                ForgetOne();
            creation = new Creation(++_last, _last.ToString(CultureInfo.InvariantCulture), path, stopping);
            _all.Add(_last, creation);
        }

        _ = RunAsync(creation, options, seed);
        return creation.Item;
    }

    /// <summary>The creation with that id, or null.</summary>
    public Creation? Find(string? id)
    {
        lock (_lock)
        {
            return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? _all.GetValueOrDefault(number)
                : null;
        }
    }

    /// <summary>Cancels a creation, or removes it if it has ended.</summary>
    public void Remove(Creation creation)
    {
        creation.Cancel();
        lock (_lock)
            _all.Remove(creation.Number);
    }

    private void ForgetOne()
    {
        Creation ended = _all.Values.FirstOrDefault(creation => creation.Item.State != CreationStateCode.Running)
            ?? throw ApiException.TooMany($"{Bounds.MaxCreations} torrents are being made already.", TimeSpan.FromSeconds(10));
        _all.Remove(ended.Number);
    }

    private async Task RunAsync(Creation creation, TorrentCreation options, bool seed)
    {
        using (creation)
        {
            try
            {
                await _turns.RunAsync(() => MakeAsync(creation, options, seed), creation.Cancelled).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                creation.End(CreationStateCode.Cancelled, null);
            }
#pragma warning disable CA1031 // Nobody awaits this: whatever went wrong is reported in the job and in the log.
            catch (Exception e)
            {
                creation.End(CreationStateCode.Failed, e.Message);
                log.Add(LogLevelCode.Warning, "warning", $"The torrent of {creation.Item.Path} was not made: {e.Message}");
            }
#pragma warning restore CA1031
        }
    }

    private async Task MakeAsync(Creation creation, TorrentCreation options, bool seed)
    {
        string path = creation.Item.Path;
        CreatedTorrent created = await TorrentCreator.CreateAsync(path, options, new Reporter(creation), creation.Cancelled)
            .ConfigureAwait(false);
        if (!MetainfoReader.TryRead(created.Bytes, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new FreshetException(FreshetError.Malformed, $"The torrent was made, but cannot be used: {error.Message}.");
        if (seed)
        {
            // Its data is already in place; every byte is checked once more before peers get it.
            await session.AddAsync(
                TorrentSource.Metainfo(metainfo), new TorrentOptions { DownloadFolder = Path.GetDirectoryName(path) }, creation.Cancelled)
                .ConfigureAwait(false);
        }

        creation.Finish(created, metainfo.SwarmHash.ToString());
    }

    private sealed class Reporter(Creation creation) : IProgress<CreationProgress>
    {
        public void Report(CreationProgress value) => creation.Report(value);
    }
}
