using System.Text.Json.Nodes;

namespace Freshet.Interop.Tests;

/// <summary>What <c>freshet create</c> writes is what others would have written, and they accept it.</summary>
public class CreateTests : InteropTest
{
    private const string TrackerUrl = "http://127.0.0.1:9/announce";

    [Fact]
    public Task A_single_file_has_the_info_hash_that_mktorrent_computes() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Mktorrent);
        SampleTorrent sample = Sample(SampleKind.SingleFile);
        string theirs = Path.Combine(Work, "mktorrent.torrent");
        await RunAsync("mktorrent", "-l", "18", "-a", TrackerUrl, "-o", theirs, sample.DataPath);
        Assert.Equal(sample.InfoHash, SampleTorrent.ReadInfoHash(theirs)); // otherwise the samples are not what they seem
        Assert.Equal(SampleTorrent.ReadInfoHash(theirs), SampleTorrent.ReadInfoHash(await CreateAsync(sample, "256KiB")));
    });

    [Fact]
    public Task A_single_file_has_the_info_hash_that_libtorrent_computes() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent sample = Sample(SampleKind.SingleFile);
        string theirs = await LibtorrentTool.CreateAsync(Work, sample.DataPath, 1 << 18);
        Assert.Equal(SampleTorrent.ReadInfoHash(theirs), SampleTorrent.ReadInfoHash(await CreateAsync(sample, "256KiB")));
    });

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public Task Others_read_the_info_hash_that_info_shows(SampleKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Transmission);
        string created = await CreateAsync(Sample(kind), "128KiB");
        string infoHash = SampleTorrent.ReadInfoHash(created);
        JsonNode info = JsonNode.Parse(await RunAsync([.. FreshetExecutable.Command, "info", created, "--json"]))!;
        Assert.Equal(infoHash, (string?)info["infoHash"]);
        Assert.Equal(infoHash, await LibtorrentTool.ReadInfoHashAsync(Work, created));
        Assert.Contains(infoHash, await RunAsync("transmission-show", created), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    public Task Others_find_the_data_complete(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent sample = Sample(SampleKind.ManyFiles);
        string created = await CreateAsync(sample, "128KiB");
        await New(kind).SeedAsync(
            sample with { TorrentPath = created, InfoHash = SampleTorrent.ReadInfoHash(created) }, sample.DataFolder);
    });

    private async Task<string> CreateAsync(SampleTorrent sample, string pieceSize)
    {
        string path = Path.Combine(Work, "created.torrent");
        await RunAsync([.. FreshetExecutable.Command, "create", sample.DataPath, "-o", path,
            "--tracker", TrackerUrl, "--piece-size", pieceSize, "--no-date"]);
        return path;
    }
}
