using System.Net;
using Freshet.Core.Torrents;
using Freshet.Disk.Files;

namespace Freshet.Tests.Sessions;

/// <summary>A session whose user changes which files are wanted.</summary>
public sealed class SelectionTests : IDisposable
{
    private const int Wanted = 0;
    private const int Empty = 1;
    private const int Later = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Newly_wanted_files_are_downloaded_and_empty_ones_are_created()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000, 0, 200_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech");
        FilePriority[] priorities = new FilePriority[3];
        priorities[Wanted] = FilePriority.Normal;
        priorities[Empty] = priorities[Later] = FilePriority.Skip;
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints], FilePriorities = [.. priorities] },
            Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.NotEqual(sample.Metainfo.Layout.PieceCount, torrent.Status.PiecesHave);
        Assert.False(File.Exists(PathOf(sample, Empty)));

        await torrent.ApplyAsync(torrent.Options with { FilePriorities = [] }, Token);
        Assert.True(File.Exists(PathOf(sample, Empty)));
        await Testing.Patience.Until(
            () => torrent.Status.State == TorrentState.Seeding && torrent.Status.PiecesHave == sample.Metainfo.Layout.PieceCount);
        await leech.DisposeAsync();
        sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task An_unwanted_file_is_not_created_and_leaves_the_part_file_when_it_is_wanted()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000, 50_000, 200_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.WaitAsync(Patience, Token);
        TorrentOptions withoutSecond = new()
        {
            Peers = [.. seed.ListenEndPoints],
            FilePriorities = [FilePriority.Normal, FilePriority.Skip, FilePriority.Normal],
        };
        string partFile = Path.Combine(_folder["leech"], PartFile.NameFor(sample.Metainfo.SwarmHash));
        await using (Session leech = await StartAsync("leech", _folder["state"]))
        {
            Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), withoutSecond, Token);
            await torrent.Completion.WaitAsync(Patience, Token);
            Assert.False(File.Exists(PathOf(sample, 1)));
            Assert.True(File.Exists(partFile));
        }

        // The part of wanted files that exists is known to be good without a session, too.
        TorrentVerification verified = await TorrentVerifier.VerifyAsync(
            TorrentSource.Bytes(sample.Torrent), _folder["leech"], null, Token);
        Assert.Equal([true, false, true], verified.Files.Select(file => file.VerifiedBytes == file.File.Length));
        await using Session again = await StartAsync("leech", _folder["state"]);
        Torrent restored = Assert.Single(again.Torrents);
        await restored.Completion.WaitAsync(Patience, Token);
        Assert.Equal(0, restored.Status.Downloaded.Bytes);
        await restored.ApplyAsync(restored.Options with { FilePriorities = [] }, Token);
        await restored.AddPeersAsync(seed.ListenEndPoints, Token);
        await Testing.Patience.Until(
            () => restored.Status.State == TorrentState.Seeding && restored.Status.PiecesHave == sample.Metainfo.Layout.PieceCount);
        await Testing.Patience.Until(() => !File.Exists(partFile));
        await again.DisposeAsync();
        sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task A_removal_with_data_leaves_no_part_file()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 40_000, 50_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.WaitAsync(Patience, Token);
        await using Session leech = await StartAsync("leech");
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent),
            new TorrentOptions { Peers = [.. seed.ListenEndPoints], FilePriorities = [FilePriority.Normal, FilePriority.Skip] },
            Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        Assert.NotEmpty(Directory.EnumerateFiles(_folder["leech"], ".*.freshet-parts"));
        await torrent.MoveAsync(_folder["moved"], null, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["leech"]));
        Assert.NotEmpty(Directory.EnumerateFiles(_folder["moved"], ".*.freshet-parts"));
        await leech.RemoveAsync(torrent, RemoveMode.DeleteFiles, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["moved"]));
    }

    private string PathOf(SampleData sample, int file) => Path.Combine(_folder["leech"], sample.Metainfo.Files[file].Path);

    private Task<Session> StartAsync(string folder, string? state = null) => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder[folder], StateFolder = state, ListenPort = 0, BindAddress = IPAddress.Loopback },
        Token);
}
