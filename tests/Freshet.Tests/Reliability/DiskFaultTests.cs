using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>Whole sessions over loopback, one of them on a disk with a fault.</summary>
public sealed class DiskFaultTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 700_000, 300_000);
    private readonly SimulatedFileSystem _disk = new();
    private Session? _seed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_sector_costs_one_piece_which_is_downloaded_again()
    {
        await StartSeedAsync();
        PutData();
        TorrentFile file = _sample.Metainfo.Files[0];
        bool isBad = true;
        int reads = 0;
        _disk.Fails = call =>
        {
            // The sector is good again once it is written.
            bool isMeant = call.Touches($"/data/{file.Path}", 200_000, 512);
            isBad &= !isMeant || !call.Writes;
            reads += isMeant && !call.Writes ? 1 : 0;
            return isMeant && isBad ? Errno.InputOutput : null;
        };
        await using Session session = await StartAsync(_disk);
        Torrent torrent = await AddAsync(session);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.False(isBad);
        Assert.InRange(reads, 1, 4);
        Assert.Equal(64 * 1024, torrent.Totals.Downloaded.Bytes);
        AssertWhole();
    }

    [Fact]
    public async Task A_seed_that_cannot_read_a_piece_downloads_it_again_each_time()
    {
        await StartSeedAsync();
        PutData();
        await using Session session = await StartAsync(_disk);
        Torrent torrent = await AddAsync(session);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.Equal(0, torrent.Totals.Downloaded.Bytes);

        // Somebody requests what cannot be read; the rest is served meanwhile.
        bool isBad = true;
        string path = $"/data/{_sample.Metainfo.Files[0].Path}";
        _disk.Fails = call =>
        {
            bool isMeant = call.Touches(path, 0, 512);
            isBad &= !isMeant || !call.Writes;
            return isMeant && isBad ? Errno.InputOutput : null;
        };
        await LeechAsync("leech");
        Assert.Equal(64 * 1024, torrent.Totals.Downloaded.Bytes);

        // The sector was good for a while.
        isBad = true;
        await LeechAsync("another leech");
        Assert.Equal(2 * 64 * 1024, torrent.Totals.Downloaded.Bytes);
        AssertWhole();

        async Task LeechAsync(string name)
        {
            await using Session leech = await StartAsync(null, name);
            Torrent other = await leech.AddAsync(
                TorrentSource.Bytes(_sample.Torrent),
                new TorrentOptions { Peers = [.. session.ListenEndPoints], DownloadFolder = _folder[name] }, Token);
            await Testing.Patience.Until(() => !isBad);
            await other.Completion.WaitAsync(Patience, Token);
        }
    }

    [Theory]
    [InlineData(Errno.NoSpace, TorrentReason.DiskFull)]
    [InlineData(Errno.ReadOnly, TorrentReason.ReadOnly)]
    [InlineData(Errno.AccessDenied, TorrentReason.PermissionDenied)]
    [InlineData(Errno.InputOutput, TorrentReason.IoError)]
    public async Task A_disk_that_accepts_nothing_pauses_the_torrent_with_the_reason_until_it_does(int error, TorrentReason reason)
    {
        await StartSeedAsync();
        bool isBroken = false;
        _disk.Fails = call => isBroken && call.Writes && call.Path.StartsWith("/data/", StringComparison.Ordinal) ? error : null;
        await using Session session = await StartAsync(_disk);
        isBroken = true;
        Torrent torrent = await AddAsync(session);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.WaitingForDisk);
        Assert.Equal(reason, torrent.Status.ReasonCode);
        isBroken = false;
        await torrent.Completion.WaitAsync(Patience, Token);
        AssertWhole();
    }

    [Fact]
    public async Task A_torrent_resumes_by_itself_when_a_full_disk_has_space_again()
    {
        await StartSeedAsync();
        _disk.Capacity = 500_000;
        await using Session session = await StartAsync(_disk);
        Torrent torrent = await AddAsync(session);
        await Testing.Patience.Until(() => torrent.Status.State == TorrentState.WaitingForDisk);
        Assert.Equal(TorrentReason.DiskFull, torrent.Status.ReasonCode);
        _disk.Capacity = long.MaxValue;
        await torrent.Completion.WaitAsync(Patience, Token);
        AssertWhole();
    }

    [Fact]
    public async Task A_file_that_was_swapped_for_a_link_after_it_was_recorded_is_not_seeded()
    {
        await StartSeedAsync();
        await DisposeSeedAsync();
        string path = _folder["seed/" + _sample.Metainfo.Files[1].Path];
        File.Move(path, _folder["moved"]);
        File.CreateSymbolicLink(path, _folder["moved"]);
        await using Session again = await StartAsync(null, "seed");
        Torrent torrent = Assert.Single(again.Torrents);
        await Assert.ThrowsAsync<TorrentFailedException>(() => torrent.Completion.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task A_mount_that_hangs_while_it_is_read_for_a_peer_does_not_keep_a_session_from_ending()
    {
        PutData();
        Session session = await StartAsync(_disk);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        using ManualResetEventSlim end = new();
        using ManualResetEventSlim hangs = new();
        _disk.Hang = (call =>
        {
            bool isMeant = call.Operation == FileOperation.Read && call.Path.StartsWith("/data/", StringComparison.Ordinal);
            if (isMeant)
                hangs.Set();
            return isMeant;
        }, end);
        await using Session leech = await StartAsync(null, "leech");
        await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { Peers = [.. session.ListenEndPoints], DownloadFolder = _folder["leech"] }, Token);
        await Testing.Patience.Until(() => hangs.IsSet);

        // It still answers, and it still ends.
        await torrent.ApplyAsync(torrent.Options with { MaxPeers = 7 }, Token).WaitAsync(Patience, Token);
        await session.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        end.Set();
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeSeedAsync();
        _folder.Dispose();
    }

    private async Task StartSeedAsync()
    {
        _sample.WriteTo(_folder["seed"]);
        _seed = await StartAsync(null, "seed");
        Torrent torrent = await _seed.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["seed"] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
    }

    private async Task DisposeSeedAsync()
    {
        if (_seed is not null)
            await _seed.DisposeAsync();
        _seed = null;
    }

    private Task<Torrent> AddAsync(Session session) =>
        session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. _seed!.ListenEndPoints] }, Token);

    private Task<Session> StartAsync(SimulatedFileSystem? disk, string name = "disk") => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = disk is null ? _folder[name] : "/data",
            StateFolder = disk is null ? _folder[name + "-state"] : "/state",
            FileSystem = disk ?? SystemFiles.Instance,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);

    private void PutData()
    {
        foreach ((string path, byte[] content) in _sample.Files)
        {
            RootFolder.Create(_disk, Path.GetDirectoryName($"/data/{path}")!);
            _disk.Put($"/data/{path}", content);
        }
    }

    private void AssertWhole()
    {
        foreach ((string path, byte[] content) in _sample.Files)
            Assert.True(content.AsSpan().SequenceEqual(_disk.ReadAll($"/data/{path}")), path);
    }
}
