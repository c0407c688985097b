using System.Net;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>
/// A record that the disk cannot read for a while may be intact: nothing takes its place, and everything is known again afterwards.
/// </summary>
public sealed class UnreadableStateTests
{
    private const string Renamed = "sample/renamed";
    private const string StoredPath = "/data/" + Renamed;

    private readonly SimulatedFileSystem _disk = new();
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 200_000, 100_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MagnetLink Link => new() { InfoHash = _sample.Metainfo.InfoHash };

    [Theory]
    [InlineData(".resume", Errno.InputOutput)]
    [InlineData(".resume", Errno.AccessDenied)]
    [InlineData(".torrent", Errno.InputOutput)]
    public async Task What_cannot_be_read_is_not_replaced_when_its_torrent_is_added_again(string suffix, int error)
    {
        await LeaveRecordAsync();
        byte[] record = RecordOnDisk();
        await using Session session = await StartAsync(restores: false);
        Break(suffix, error);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(
            () => session.AddAsync(TorrentSource.Magnet(Link), new TorrentOptions { Stopped = true }, Token));
        Assert.Equal(FreshetError.Storage, refused.Error);
        Assert.Contains(suffix, refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Empty(session.Torrents);
        Assert.Equal(record, RecordOnDisk());

        _disk.Fails = null;
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(Link), new TorrentOptions { Stopped = true }, Token);
        Assert.Equal(StoredPath, torrent.Files[0].StoredPath);
    }

    [Theory]
    [InlineData(".resume", Errno.InputOutput)]
    [InlineData(".resume", Errno.AccessDenied)]
    [InlineData(".torrent", Errno.InputOutput)]
    public async Task A_torrent_whose_record_cannot_be_read_is_not_restored_and_not_changed(string suffix, int error)
    {
        await LeaveRecordAsync();
        byte[] record = RecordOnDisk();
        Break(suffix, error);
        await using (Session session = await StartAsync(restores: true))
        {
            Assert.Empty(session.Torrents);
            Assert.Contains("cannot be read", Assert.Single(session.RestoreErrors), StringComparison.Ordinal);
        }

        Assert.Equal(record, RecordOnDisk());
        _disk.Fails = null;
        await using Session next = await StartAsync(restores: true);
        Assert.Empty(next.RestoreErrors);
        Assert.Equal(StoredPath, Assert.Single(next.Torrents).Files[0].StoredPath);
    }

    [Fact]
    public async Task Only_the_record_of_the_torrent_that_changed_is_written()
    {
        SampleData[] samples = [.. Enumerable.Range(0, 5).Select(i => SampleData.MakeNamed($"sample {i}", 16 * 1024, null, 50_000 + i))];
        await using (Session first = await StartAsync(restores: true))
        {
            foreach (SampleData sample in samples)
                await first.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Stopped = true }, Token);
        }

        HashSet<string> written = [];
        _disk.Fails = call =>
        {
            if (call.Writes)
            {
                lock (written)
                    written.Add(call.Path);
            }

            return null;
        };
        string changed = samples[2].Metainfo.SwarmHash.ToString();
        await using (Session second = await StartAsync(restores: true))
        {
            Torrent torrent = second.Torrents.Single(torrent => torrent.InfoHash.ToString() == changed);
            await torrent.ApplyAsync(options => options with { MaxPeers = 7 }, Token);
        }

        Assert.Contains(written, path => path.Contains(changed, StringComparison.Ordinal));
        Assert.DoesNotContain(
            samples.Select(sample => sample.Metainfo.SwarmHash.ToString()).Where(hash => hash != changed),
            hash => written.Any(path => path.Contains(hash, StringComparison.Ordinal)));
    }

    // Leaves a torrent in the state folder that was added by a link, and a file of which was renamed.
    private async Task LeaveRecordAsync()
    {
        await using Session session = await StartAsync(restores: false);
        Torrent torrent = await session.AddAsync(TorrentSource.Magnet(Link), cancellationToken: Token);
        torrent.Actor.PostMetadata(_sample.Metainfo.InfoBytes);
        await torrent.WaitForMetadataAsync(Token).Bounded();
        await torrent.StopAsync(Token);
        await torrent.RenameFileAsync(0, Renamed, Token);
        Assert.Equal(StoredPath, torrent.Files[0].StoredPath);
    }

    private void Break(string suffix, int error) => _disk.Fails = call =>
        call is { Operation: FileOperation.Open, Writes: false } && call.Path.EndsWith(suffix, StringComparison.Ordinal) ? error : null;

    private byte[] RecordOnDisk() => _disk.ReadAll($"/state/{_sample.Metainfo.SwarmHash}.resume")!;

    private Task<Session> StartAsync(bool restores) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = "/data",
            StateFolder = "/state",
            RestoreTorrents = restores,
            FileSystem = _disk,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);
}
