using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Torrents;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Matching;

/// <summary>Files of a torrent that lie somewhere else under other names.</summary>
public sealed class FileFinderTests : IDisposable
{
    private const int PieceLength = 16 * 1024;

    private readonly TemporaryFolder _folder = new();

    // A large file, two small ones that share a piece with it, an empty one, and a large one.
    private readonly SampleData _sample = SampleData.Make(PieceLength, null, 200_000, 3_000, 70, 0, 150_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FilePlacing.Copy)]
    [InlineData(FilePlacing.Link)]
    public async Task Files_with_other_names_are_found_and_seeded_and_stay_as_they_are(FilePlacing placing)
    {
        Dictionary<string, byte[]> elsewhere = Scatter(_folder["elsewhere"]);
        ImmutableArray<PlacedFile> placed = await PlaceAsync(placing);
        Assert.Equal(_sample.Files.Where(file => file.Value.Length > 0).Select(file => file.Key).Order(),
            placed.Select(file => file.File.Path).Order());
        Assert.All(placed, file => Assert.Equal(placing == FilePlacing.Link, file.Way == PlacedAs.Link));
        foreach ((string path, byte[] content) in elsewhere)
            Assert.Equal(content, await File.ReadAllBytesAsync(path, Token));
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { ExistingFiles = ExistingFiles.Keep }, Token);
        await torrent.Completion.Bounded();
        Assert.Equal(0, torrent.Status.Downloaded.Bytes);
        Assert.Equal(TorrentState.Seeding, torrent.Status.State);
        _sample.AssertIn(_folder["data"]);
        Assert.Empty(Directory.EnumerateFiles(_folder["data"], "*.freshet-copy", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_link_is_the_same_file()
    {
        Scatter(_folder["elsewhere"]);
        foreach (PlacedFile file in await PlaceAsync(FilePlacing.Link))
        {
            await File.AppendAllTextAsync(file.FoundAt, "more", Token);
            Assert.Equal(file.File.Length + 4, new FileInfo(Path.Combine(_folder["data"], file.File.Path)).Length);
        }
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_copied_even_if_a_link_is_wanted_and_the_original_stays_damaged()
    {
        string damaged = _folder.Write("elsewhere/film", Damage(_sample.Files["sample/0/file 0"], 50_000));
        byte[] before = await File.ReadAllBytesAsync(damaged, Token);
        PlacedFile placed = Assert.Single(await PlaceAsync(FilePlacing.Link));
        Assert.Equal(("sample/0/file 0", damaged), (placed.File.Path, placed.FoundAt));
        Assert.NotEqual(PlacedAs.Link, placed.Way);

        _sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        await (await seed.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token)).Completion.Bounded();
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.Bounded();
        Assert.InRange(torrent.Status.Downloaded.Bytes, 150_000, 150_000 + (6 * PieceLength));
        _sample.AssertIn(_folder["data"]);
        Assert.Equal(before, await File.ReadAllBytesAsync(damaged, Token));
    }

    [Fact]
    public async Task The_right_ones_are_chosen_among_files_of_the_same_length()
    {
        Scatter(_folder["elsewhere"]);
        Random random = new(1);
        foreach ((string path, byte[] content) in _sample.Files)
        {
            for (int i = 0; i < 3; i++)
            {
                byte[] other = new byte[content.Length];
                random.NextBytes(other);
                _folder.Write($"elsewhere/decoys/{i}/{Path.GetFileName(path)}", other);
            }
        }

        Assert.Equal(4, (await PlaceAsync(FilePlacing.Copy)).Length);
        foreach ((string path, byte[] content) in _sample.Files.Where(file => file.Value.Length > 0))
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder["data"], path), Token));
    }

    [Fact]
    public async Task Files_that_are_in_place_stay_and_help_to_find_their_neighbours()
    {
        Scatter(_folder["elsewhere"]);
        string first = _folder.Write("data/sample/0/file 0", _sample.Files["sample/0/file 0"]);
        DateTime written = File.GetLastWriteTimeUtc(first);
        ImmutableArray<PlacedFile> placed = await PlaceAsync(FilePlacing.Copy);
        Assert.Equal([1, 2, 4], placed.Select(file => file.File.Index));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Empty(await PlaceAsync(FilePlacing.Copy));
    }

    [Fact]
    public async Task A_file_in_the_way_is_not_overwritten()
    {
        Scatter(_folder["elsewhere"]);
        string last = _folder.Write("data/sample/1/file 4", "not it"u8.ToArray());
        Assert.Equal([0], (await PlaceAsync(FilePlacing.Copy)).Select(file => file.File.Index));
        Assert.Equal("not it", await File.ReadAllTextAsync(last, Token));
    }

    [Fact]
    public async Task If_nothing_is_found_nothing_is_placed()
    {
        _folder.Write("elsewhere/film", new byte[200_000]);
        _folder.Write("elsewhere/note", new byte[3_000]);
        Assert.Empty(await PlaceAsync(FilePlacing.Copy));
        Assert.False(Directory.Exists(_folder["data/sample"]));
    }

    [Fact]
    public async Task Links_in_a_search_folder_are_not_followed()
    {
        Scatter(_folder["hidden"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["elsewhere/way"], _folder["hidden"]);
        Assert.Empty(await PlaceAsync(FilePlacing.Copy));
    }

    [Fact]
    public async Task A_missing_folder_and_a_link_without_hashes_are_errors()
    {
        FreshetException missing = await Assert.ThrowsAsync<FreshetException>(() => PlaceAsync(FilePlacing.Copy));
        Assert.Contains(_folder["elsewhere"], missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => FileFinder.PlaceAsync(
            TorrentSource.InfoHash(_sample.Metainfo.SwarmHash), _folder["data"], [_folder["data"]], cancellationToken: Token));
    }

    private static byte[] Damage(byte[] content, int at)
    {
        byte[] damaged = [.. content];
        damaged[at] ^= 1;
        return damaged;
    }

    // Under other names, in other folders.
    private Dictionary<string, byte[]> Scatter(string folder)
    {
        Dictionary<string, byte[]> scattered = [];
        foreach ((string path, byte[] content) in _sample.Files)
        {
            string other = Path.Combine(folder, $"{content.Length % 7}", $"as {Path.GetFileName(path)}.bin");
            Directory.CreateDirectory(Path.GetDirectoryName(other)!);
            File.WriteAllBytes(other, content);
            scattered.Add(other, content);
        }

        return scattered;
    }

    private async Task<ImmutableArray<PlacedFile>> PlaceAsync(FilePlacing placing)
    {
        FileSearch search = await FileFinder.PlaceAsync(
            TorrentSource.Bytes(_sample.Torrent), _folder["data"], [_folder["elsewhere"]], placing, Token);
        Assert.False(search.IsCutShort);
        return search.Placed;
    }

    private Task<Session> StartAsync(string data = "data") => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder[data], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback }, Token);
}
