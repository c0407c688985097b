using System.Net;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents whose files collide though their folders differ, and those whose names only look alike.</summary>
public sealed class WritePlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 40_000, 30_000);
    private readonly SampleData _other = SampleData.Make(32 * 1024, null, 40_000, 30_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data", true)]
    [InlineData("data/sample/0", false)]
    [InlineData("data/sample", false)]
    [InlineData("data 2", false)]
    public async Task A_torrent_is_refused_exactly_where_it_would_write_the_files_of_another(string folder, bool isRefused)
    {
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["data"] }, Token);
        Task<Torrent> adding = session.AddAsync(
            TorrentSource.Bytes(_other.Torrent), new TorrentOptions { DownloadFolder = _folder[folder] }, Token);
        if (!isRefused)
        {
            await adding;
            return;
        }

        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => adding);
        Assert.Equal(FreshetError.PathInUse, refused.Error);
    }

    [Fact]
    public async Task Nested_folders_are_recognized()
    {
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { DownloadFolder = _folder["data"] }, Token);

        // Below the other's folder of the same name, one of its files gets exactly the path of one of the other's.
        Torrent nested = await session.AddAsync(
            TorrentSource.Bytes(_other.Torrent), new TorrentOptions { DownloadFolder = _folder["data/sample"], Stopped = true }, Token);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => nested.RenameFileAsync(0, "0/file 0", Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
    }

    [Fact]
    public async Task A_renamed_file_keeps_others_away_from_its_new_path_and_no_longer_from_the_old_one()
    {
        await using Session session = await StartAsync();
        TorrentOptions options = new() { DownloadFolder = _folder["data"] };
        Torrent first = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), options, Token);
        await first.RenameFileAsync(0, "elsewhere/0", Token);
        await first.RenameFileAsync(1, "elsewhere/1", Token);
        Torrent second = await session.AddAsync(TorrentSource.Bytes(_other.Torrent), options with { Stopped = true }, Token);
        await second.StartAsync(Token);
        Assert.Equal(Core.Torrents.TorrentState.Downloading, second.Status.State);
        FreshetException refused = await Assert.ThrowsAsync<FreshetException>(() => second.RenameFileAsync(0, "elsewhere/1", Token));
        Assert.Equal(FreshetError.PathInUse, refused.Error);
    }

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder["data"], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
        Token);
}
