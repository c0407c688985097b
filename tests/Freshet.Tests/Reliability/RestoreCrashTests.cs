using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>
/// Sessions that add, change, download, stop and add again end at every moment at which the state folder changed, and a session restores
/// what is left: every torrent that was there, with its metadata, its options, its state and what was recorded of its data.
/// </summary>
public sealed class RestoreCrashTests : IAsyncDisposable
{
    private const int PiecesThere = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, "http://127.0.0.1:1/one", 700_000, 300_000);
    private readonly SimulatedFileSystem _disk = new() { KeepsHistory = true };
    private readonly InfoHash _linked = SampleData.Make(16 * 1024, null, 10_000).Metainfo.SwarmHash;
    private readonly List<(int Moment, string What, Func<Session, bool> Holds)> _known = [];
    private int _allAdded;
    private Session? _seed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whenever_a_session_ends_the_next_one_restores_every_torrent_as_it_was()
    {
        await StartSeedAsync();
        await using (Session session = await StartAsync(_disk, restores: true))
            await UseAsync(session);

        // Added again, each with another tracker: the .torrent and the link are replaced.
        await using (Session session = await StartAsync(_disk, restores: false))
            await AddAgainAsync(session);
        IReadOnlyList<DiskImage> history = _disk.History;
        int restarts = 0;
        for (int moment = 0; moment < history.Count; moment++)
        {
            // The data of the files is the matter of others; here it is what the state folder holds.
            if (moment > 0 && IsSameState(history[moment - 1], history[moment]))
                continue;
            foreach (Ending ending in (Ending[])[Ending.Kill, Ending.NothingSurvives, Ending.Torn])
            {
                await RestartAsync(history[moment].After(ending, new Random(moment)), moment, $"moment {moment}, {ending}");
                restarts++;
            }
        }

        Assert.InRange(restarts, 100, 5_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{history.Count} moments, {restarts} restarts.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
    }

    private async Task UseAsync(Session session)
    {
        InfoHash downloaded = _sample.Metainfo.SwarmHash;
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { UserData = Label("one"), Peers = [.. _seed!.ListenEndPoints] },
            Token);
        Note("is there with its metadata", restored => restored.Find(downloaded) is { HasMetadata: true });
        Note("has its label", restored => restored.Find(downloaded)!.Options.UserData["label"] is "one" or "two");
        await session.AddAsync(
            TorrentSource.Magnet($"magnet:?xt=urn:btih:{_linked}&tr=http%3A%2F%2F127.0.0.1%3A1%2Fone"),
            new TorrentOptions { Stopped = true },
            Token);
        _allAdded = _disk.Moments - 1;
        Note("is there by its link", restored => restored.Find(_linked) is { Trackers.IsEmpty: false });
        await Patience.Until(() => torrent.Status.PiecesHave == PiecesThere);
        await torrent.StopAsync(Token).Bounded();
        Note("is stopped", restored => restored.Find(downloaded)!.Actor.Record.Run == RunState.Stopped);
        Note("has its pieces", restored => restored.Find(downloaded)!.Actor.Record.Data is { Have.Count: PiecesThere });
        await torrent.ApplyAsync(options => options with { UserData = Label("two") }, Token);
        Note("has its new label", restored => restored.Find(downloaded)!.Options.UserData["label"] == "two");
    }

    private async Task AddAgainAsync(Session session)
    {
        SampleData other = SampleData.Make(64 * 1024, "http://127.0.0.1:1/two", 700_000, 300_000);
        Assert.Equal(_sample.Metainfo.SwarmHash, other.Metainfo.SwarmHash);
        Assert.NotEqual(_sample.Torrent, other.Torrent);
        await session.AddAsync(TorrentSource.Bytes(other.Torrent), new TorrentOptions { Stopped = true, UserData = Label("two") }, Token);
        await session.AddAsync(
            TorrentSource.Magnet($"magnet:?xt=urn:btih:{_linked}&tr=http%3A%2F%2F127.0.0.1%3A1%2Ftwo"),
            new TorrentOptions { Stopped = true },
            Token);
        Note("has the new trackers", restored => restored.Torrents.All(torrent =>
            torrent.Trackers.Any(tracker => tracker.Url.EndsWith("/two", StringComparison.Ordinal))));
    }

    // What the disk had seen by now is there from this moment on.
    private void Note(string what, Func<Session, bool> holds) => _known.Add((_disk.Moments - 1, what, holds));

    private async Task RestartAsync(DiskImage left, int moment, string where)
    {
        await using Session session = await StartAsync(new SimulatedFileSystem(left), restores: true);

        // Of a torrent whose addition has not ended there may be no record yet.
        if (moment >= _allAdded)
            Assert.True(session.RestoreErrors.Count == 0, $"{where}: {string.Join(' ', session.RestoreErrors)}");
        foreach ((int since, string what, Func<Session, bool> holds) in _known)
        {
            if (moment >= since)
                Assert.True(holds(session), $"{where}: {what} no more, since {since}");
        }
    }

    private static bool IsSameState(DiskImage before, DiskImage after) => StateOf(before).SequenceEqual(StateOf(after));

    private static IEnumerable<(string Name, NamedEntry Entry, FileImage? File)> StateOf(DiskImage image) => image.Names
        .Where(name => name.Key.StartsWith("/state", StringComparison.Ordinal))
        .OrderBy(name => name.Key, StringComparer.Ordinal)
        .Select(name => (name.Key, name.Value, image.Files.GetValueOrDefault(name.Value.Number)));

    private static ImmutableDictionary<string, string> Label(string label) => ImmutableDictionary<string, string>.Empty.Add("label", label);

    private async Task StartSeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        File.Delete(_folder["seed/" + _sample.Metainfo.Files[1].Path]);
        _seed = await Session.StartAsync(
            new SessionOptions { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["seed"] }, Token);
        await Patience.Until(() => torrent.Pieces.Count == PiecesThere);
    }

    private static Task<Session> StartAsync(SimulatedFileSystem disk, bool restores) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = "/data",
            StateFolder = "/state",
            FileSystem = disk,
            RestoreTorrents = restores,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);
}
