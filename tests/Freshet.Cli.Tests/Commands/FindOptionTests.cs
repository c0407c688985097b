using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

public sealed class FindOptionTests : IDisposable
{
    private const int Length = 10 * SampleTorrent.PieceLength;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _torrent;
    private readonly byte[] _content;

    public FindOptionTests()
    {
        (_torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("data", Length)]);
        _content = files["sample/data"];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("download", "copy")]
    [InlineData("download", "link")]
    [InlineData("seed", "link")]
    public async Task A_file_that_lies_elsewhere_under_another_name_is_not_downloaded(string command, string way)
    {
        string found = _folder.Write("elsewhere/deep/film", _content);
        Directory.CreateDirectory(_folder["out"]);
        await using RunningCommand run = new(
            [command, Torrent(_torrent), "--find-in", _folder["elsewhere"], "--find-as", way, "--no-resume", .. Shared]);
        JsonElement file = Assert.Single((await run.WaitForEventAsync("found"))[0].GetProperty("files").EnumerateArray());
        Assert.Equal(("sample/data", found), (file.GetProperty("path").GetString(), file.GetProperty("foundAt").GetString()));
        Assert.Equal(way == "link", file.GetProperty("way").GetString() == "link");
        await run.WaitForEventAsync(command == "seed" ? "seeding" : "completed");
        Assert.Equal(_content, await File.ReadAllBytesAsync(_folder["out/sample/data"], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("link")]
    public async Task A_damaged_file_is_copied_and_the_copy_is_completed(string way)
    {
        _folder.Write("seed/sample/data", _content);
        byte[] damaged = [.. _content];
        damaged[Length / 2] ^= 1;
        string found = _folder.Write("elsewhere/film", damaged);
        await using RunningCommand seed = new(
            "seed", Torrent(_torrent), "-o", _folder["seed"], "--no-resume", "--port", "0", "--bind", "127.0.0.1", "--json");
        string peer = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        await using RunningCommand run = new(
            ["download", Torrent(_torrent), "--find-in", _folder["elsewhere"], "--find-as", way, "--peer", peer, "--no-resume", .. Shared]);
        JsonElement file = Assert.Single((await run.WaitForEventAsync("found"))[0].GetProperty("files").EnumerateArray());
        Assert.NotEqual("link", file.GetProperty("way").GetString());
        await run.WaitForEventAsync("completed");
        Assert.Equal(_content, await File.ReadAllBytesAsync(_folder["out/sample/data"], TestContext.Current.CancellationToken));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(found, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Files_of_a_torrent_that_it_names_as_similar_are_found_too()
    {
        _folder.Write("first/sample/data", _content);
        await using (RunningCommand first = new(
            "seed", Torrent(_torrent), "-o", _folder["first"], "--state", _folder["state"], "--port", "0", "--bind", "127.0.0.1", "--json"))
        {
            await first.WaitForEventAsync("seeding");
            await first.StopAsync();
        }

        // The same file under another name, in a torrent with its own comment and the info-hash of the first one.
        Assert.True(MetainfoReader.TryRead(_torrent, out TorrentMetainfo? metainfo, out _));
        byte[] second = new MetainfoBuilder
        {
            Name = "second",
            Files = [new MetainfoFile { Path = ["other name"], Length = Length }],
            PieceLength = SampleTorrent.PieceLength,
            PieceHashes = metainfo.PieceHashes.ToArray(),
        }.Build();
        byte[] similar = [.. second[..^1], .. "7:similarl20:"u8, .. metainfo.SwarmHash.ToArray(), .. "ee"u8];
        Directory.CreateDirectory(_folder["empty"]);
        await using RunningCommand run = new(
            ["download", Torrent(similar), "--find-in", _folder["empty"], "--state", _folder["state"], .. Shared]);
        JsonElement file = Assert.Single((await run.WaitForEventAsync("found"))[0].GetProperty("files").EnumerateArray());
        Assert.Equal(_folder["first/sample/data"], file.GetProperty("foundAt").GetString());
        await run.WaitForEventAsync("completed");
    }

    /// <summary>Two files of one piece: none of the 256 combinations of what lies there is right, and each costs a whole piece.</summary>
    [Fact]
    public async Task A_search_that_would_read_too_much_ends_with_a_warning_and_the_rest_is_downloaded()
    {
        const int Half = 8 * 1024 * 1024;
        byte[] torrent = new MetainfoBuilder
        {
            Name = "pair",
            Files = [new MetainfoFile { Path = ["a"], Length = Half }, new MetainfoFile { Path = ["b"], Length = Half }],
            PieceLength = 2 * Half,
            PieceHashes = new byte[20],
        }.Build();
        for (int i = 0; i < 16; i++)
        {
            using FileStream decoy = File.Create(_folder[$"decoy {i}"]);
            decoy.SetLength(Half);
        }

        await using RunningCommand run = new(["download", Torrent(torrent), "--find-in", _folder.Path, "--no-resume", .. Shared]);
        JsonElement warning = (await run.WaitForEventAsync("warning"))[0];
        Assert.StartsWith(
            "The search for files under other names ended early", warning.GetProperty("message").GetString(), StringComparison.Ordinal);
        await run.WaitForEventAsync("added");
    }

    [Fact]
    public async Task A_way_that_is_neither_copy_nor_link_is_a_mistake()
    {
        CliRun run = await CliRun.Of("download", Torrent(_torrent), "-o", _folder["out"], "--find-as", "move");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--find-as is copy or link, not 'move'.", run.Error, StringComparison.Ordinal);
    }

    private string[] Shared => ["-o", _folder["out"], "--port", "0", "--bind", "127.0.0.1", "--json"];

    private string Torrent(byte[] content) => _folder.Write($"{content.Length}.torrent", content);
}
