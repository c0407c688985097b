using System.Net;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

/// <summary>A session whose user changes what is wanted.</summary>
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
    public async Task Files_that_come_to_be_wanted_come_and_empty_ones_are_made()
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

    private string PathOf(SampleData sample, int file) => Path.Combine(_folder["leech"], sample.Metainfo.Files[file].Path);

    private Task<Session> StartAsync(string folder) => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
        Token);
}
