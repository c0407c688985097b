using System.Collections.Concurrent;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Tests.Contracts;

namespace Freshet.Daemon.Tests.Api;

public class DaemonClientTests
{
    // What browsers and monitoring use.
    private static readonly string[] NotForPrograms =
        ["getAuthentication", "login", "logout", "describeFile", "metrics", "getOpenApi", "readTorrentLog"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_is_a_method_for_every_operation()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using RecordingHandler handler = new();
        using DaemonClient client = new(daemon.Server.Urls[0], daemon.Server.Token, handler);
        SampleTorrent sample = new("album", seed: 3);
        sample.WriteTo(daemon.Data);
        Assert.Equal("album", (await client.InspectAsync(new InspectTorrent { Metainfo = sample.Bytes }, Token)).Name);
        string hash = (await client.AddAsync(new AddTorrent { Metainfo = sample.Bytes, Start = false }, Token)).Hash;
        await UseAsync(client, hash);
        await UseSessionAsync(client);
        await UseCreationsAsync(client);
        Assert.True(MetainfoReader.TryRead(await client.ExportAsync(hash, Token), out TorrentMetainfo? exported, out _));
        Assert.Equal(hash, exported.InfoHash.ToString());
        using (Stream content = await client.ReadFileAsync(hash, 0, from: 7, Token))
            Assert.Equal(sample.First[7], content.ReadByte());
        ContentTicket ticket = await client.TicketAsync(hash, 0, Token);
        Assert.StartsWith($"/api/v1/torrents/{hash}/files/0/content?ticket=", ticket.Path, StringComparison.Ordinal);
        Assert.True(await client.MoveAsync(hash, new MoveTorrent { Folder = "elsewhere" }, Token));
        DaemonException none = await Assert.ThrowsAsync<DaemonException>(() => client.CancelMoveAsync(hash, Token));
        Assert.Equal("no-such-job", none.Problem.Code);
        Assert.True(await client.RemoveAsync(hash, deleteFiles: true, Token));
        Assert.Empty((await client.PageAsync("limit=1", Token)).Torrents);

        string[] operations = [.. await OperationsAsync(daemon)];
        Assert.True(operations.Length > 40);
        Assert.Empty(operations.Except(handler.Operations).Except(NotForPrograms));
    }

    [Fact]
    public async Task Live_events_are_all_torrents_and_then_what_changes_from_wherever_a_client_was()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using DaemonClient client = new(daemon.Server.Urls[0], daemon.Server.Token);
        string hash = await daemon.AddAsync(new SampleTorrent());
        string? lastId;
        await using (IAsyncEnumerator<DaemonEvent> events = client.ListenAsync(cancellationToken: Token).GetAsyncEnumerator(Token))
        {
            DaemonEvent first = await NextAsync(events, "snapshot");
            Assert.Equal(hash, first.Snapshot!.Torrents.Single().Hash);
            Assert.True(first.Snapshot is { Reset: true, Complete: true });
            lastId = first.Id;
        }

        await client.ChangeTorrentAsync(hash, new TorrentChange { Labels = ["seen"] }, Token);
        await using IAsyncEnumerator<DaemonEvent> missed = client.ListenAsync(lastId, Token).GetAsyncEnumerator(Token);
        using CancellationTokenSource bound = new(Patience.Bound);
        DaemonEvent change = await NextAsync(missed, "change");
        while (!change.Data.TryGetProperty("changed", out _))
        {
            bound.Token.ThrowIfCancellationRequested();
            change = await NextAsync(missed, "change");
        }

        Assert.Equal("seen", change.Data.GetProperty("changed")[0].GetProperty("labels")[0].GetString());
        Assert.Null(change.Snapshot);
    }

    [Fact]
    public async Task Events_end_when_the_daemon_stops_and_a_daemon_that_is_not_there_is_reported()
    {
        TestDaemon daemon = await TestDaemon.StartAsync();
        using DaemonClient client = new(daemon.Server.Urls[0], daemon.Server.Token);
        IAsyncEnumerator<DaemonEvent> events = client.ListenAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        await NextAsync(events, "snapshot");
        await daemon.DisposeAsync();
        while (await events.MoveNextAsync().AsTask().Bounded())
            Assert.NotEqual("snapshot", events.Current.Type);
        await events.DisposeAsync();
        DaemonException e = await Assert.ThrowsAsync<DaemonException>(() => client.SessionAsync(Token));
        Assert.Equal("unreachable", e.Problem.Code);
    }

    private static async Task UseAsync(DaemonClient client, string hash)
    {
        Assert.Equal(hash, (await client.ListAsync(cancellationToken: Token)).Single().Hash);
        Assert.Equal(["x"], (await client.ChangeTorrentAsync(hash, new TorrentChange { Labels = ["x"] }, Token)).Labels);
        FileList files = await client.FilesAsync(hash, Token);
        Assert.True(await client.PrioritizeAsync(hash, new FileChange { Files = [1], Priority = PriorityCode.High }, Token));
        Assert.Equal(PriorityCode.High, (await client.FilesAsync(hash, Token)).Files[1].Priority);
        Assert.Equal(hash, (await client.ShowAsync(hash, Token)).Torrent.Hash);
        Assert.True((await client.PiecesAsync(hash, Token)).Count > 0);
        Assert.Empty((await client.PeersAsync(hash, Token)).Peers);
        await client.AddPeersAsync(hash, new AddPeers { Peers = ["127.0.0.1:1"] }, Token);
        await client.TrackersAsync(hash, Token);
        Assert.Empty((await client.WebSeedsAsync(hash, Token)).WebSeeds);
        await client.QueueAsync(hash, new QueueRequest { Move = QueueMoveCode.Top }, Token);
        Assert.True(await client.StartAsync(hash, Token));
        await client.ReannounceAsync(hash, Token);
        await UntilAsync(async () => (await client.ShowAsync(hash, Token)).Torrent.State == StateCode.Seeding);
        await client.RecheckAsync(hash, Token);
        await UntilAsync(async () => (await client.ShowAsync(hash, Token)).Torrent.State == StateCode.Seeding);
        Assert.True(await client.StopAsync(hash, Token));
        string folder = files.Files[0].Path.Split('/')[0];
        Assert.True(await client.RenameFileAsync(hash, 0, new FileRename { Path = $"{folder}/other.bin" }, Token));
        Assert.True(await client.RenameFolderAsync(hash, new FolderRename { Folder = folder, Path = "renamed" }, Token));
        Assert.Equal("renamed/other.bin", (await client.FilesAsync(hash, Token)).Files[0].Path);
        BulkResult done = await client.BulkAsync(new BulkRequest { Action = BulkAction.Stop, Hashes = [hash] }, Token);
        Assert.Equal(1, done.Done);
        Assert.NotEmpty((await client.LogAsync(hash, "", Token)).Entries);
    }

    private static async Task UseSessionAsync(DaemonClient client)
    {
        Assert.True(await client.IsHealthyAsync(Token));
        Assert.Equal(1, (await client.SessionAsync(Token)).Status.Torrents);
        Assert.Equal(77, (await client.ChangeAsync(new SessionChange { MaxConnections = 77 }, Token)).MaxConnections);
        Assert.Equal(77, (await client.SettingsAsync(Token)).MaxConnections);
        Assert.True((await client.StatisticsAsync(Token)).Uptime >= 0);
        Assert.Equal(1, (await client.HistoryAsync(cancellationToken: Token)).Interval);
        Assert.NotEqual(1, (await client.HistoryAsync(ofDay: true, Token)).Interval);
        Assert.NotNull((await client.FolderAsync(cancellationToken: Token)).Path);
        Assert.NotEmpty((await client.LogAsync(null, "limit=5", Token)).Entries);
    }

    private static async Task UseCreationsAsync(DaemonClient client)
    {
        string id = (await client.CreateAsync(new CreateTorrent { Path = "renamed" }, Token)).Id;
        await UntilAsync(async () => (await client.CreationAsync(id, Token)).State == CreationStateCode.Done);
        Assert.Equal((byte)'d', (await client.CreatedTorrentAsync(id, Token))[0]);
        Assert.Single((await client.CreationsAsync(Token)).Creations);
        await client.RemoveCreationAsync(id, Token);
        Assert.Empty((await client.CreationsAsync(Token)).Creations);
        await using IAsyncEnumerator<DaemonEvent> events = client.ListenAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        await NextAsync(events, "snapshot");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource bound = new(Patience.Bound);
        while (!await condition())
            await Task.Delay(10, bound.Token);
    }

    private static async Task<DaemonEvent> NextAsync(IAsyncEnumerator<DaemonEvent> events, string type)
    {
        do
            Assert.True(await events.MoveNextAsync().AsTask().Bounded());
        while (events.Current.Type != type);
        return events.Current;
    }

    private static async Task<IEnumerable<string>> OperationsAsync(TestDaemon daemon) =>
        (await daemon.GetAsync("/openapi.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject()).Select(operation => (string)operation.Value!["operationId"]!);

    /// <summary>Takes down which operations are asked for.</summary>
    private sealed class RecordingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly ConcurrentDictionary<string, bool> _operations = new();

        public IEnumerable<string> Operations => _operations.Keys;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _operations[ApiDescription.OperationIdOf(request)!] = true;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
