using System.Net;
using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Tests.Sessions;

/// <summary>Torrents whose check shows that something is missing which they may not write.</summary>
public sealed class RefusedClaimTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 300_000, 50_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_check_has_found_is_recorded_though_another_torrent_has_the_paths_by_then()
    {
        _sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed");
        await (await seed.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token)).Completion.Bounded();
        await using Session leech = await StartAsync("leech");
        Torrent first = await leech.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await first.Completion.Bounded();
        byte[] other = TestTorrents.Of(
            "sample",
            32 * 1024,
            [.. _sample.Files.Values.SelectMany(content => content)],
            _sample.Files.Select(file => TestTorrents.FileOf(file.Key["sample/".Length..], file.Value.Length)));
        Torrent second = await leech.AddAsync(TorrentSource.Bytes(other), cancellationToken: Token);
        await second.Completion.Bounded();
        int all = second.Status.PiecesHave;
        await second.StopAsync(Token);
        await first.StopAsync(Token);
        await seed.DisposeAsync();

        // A byte goes bad. The first writes it again, as far as anybody has it; the second only finds out that it would have to.
        string path = _folder["leech/" + _sample.Metainfo.Files[0].Path];
        byte[] content = await File.ReadAllBytesAsync(path, Token);
        content[5] ^= 1;
        await File.WriteAllBytesAsync(path, content, Token);
        await first.StartAsync(Token);
        await Patience.Until(() => first.Status.State == TorrentState.Downloading);
        await second.StartAsync(Token);
        await Patience.Until(() => second.Status.State == TorrentState.Failed);
        ResumeRecord? data = second.Actor.Record.Data;
        Assert.True(data is { IsClean: true });
        Assert.Equal(all - 1, data!.Have.Count);
    }

    private Task<Session> StartAsync(string data) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[data],
            StateFolder = _folder[data + " state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);
}
