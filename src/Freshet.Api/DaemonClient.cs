using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Freshet.Api;

/// <summary>
/// Asks a daemon: a method for each operation of its API. Every method throws a <see cref="DaemonException"/> if the daemon refuses or
/// cannot be reached. Those that return whether something is done return false if it takes long, and goes on in the daemon.
/// </summary>
public sealed class DaemonClient : IDisposable
{
    private static readonly JsonContext Lenient = DaemonConnection.Lenient;

    private readonly DaemonConnection _daemon;

    /// <param name="server">Where the daemon is served.</param>
    /// <param name="token">Its token.</param>
    /// <param name="certificate">
    /// The SHA-256 of the one certificate that it may serve, in hexadecimal digits, whoever made it and whatever name is in it; null if the
    /// system decides which certificates are trusted.
    /// </param>
    public DaemonClient(Uri server, string token, string? certificate = null)
        : this(server, token, DaemonConnection.HandlerFor(certificate))
    {
    }

    /// <summary>The same with other connections, for tests.</summary>
    internal DaemonClient(Uri server, string token, HttpMessageHandler handler) => _daemon = new DaemonConnection(server, token, handler);

    /// <summary>
    /// How long to wait for an answer; twice as long for a torrent that the daemon may have to fetch from a URL. If there is none, the code
    /// of the problem is <c>no-answer</c>: the daemon is there, but busy, and may still do what it was asked for. Default: a minute.
    /// </summary>
    public TimeSpan Timeout
    {
        get => _daemon.Timeout;
        init => _daemon.Timeout = value;
    }

    /// <summary>Where the daemon is served.</summary>
    public Uri Server => _daemon.Server;

    /// <summary>All torrents that a query lets through, such as <c>state=seeding&amp;sort=name</c>.</summary>
    public async Task<IReadOnlyList<TorrentItem>> ListAsync(string query = "", CancellationToken cancellationToken = default)
    {
        const int PageLength = 10_000;
        List<TorrentItem> torrents = [];
        while (true)
        {
            string part = string.Create(CultureInfo.InvariantCulture, $"offset={torrents.Count}&limit={PageLength}");
            TorrentPage page = await PageAsync(query.Length > 0 ? $"{query}&{part}" : part, cancellationToken).ConfigureAwait(false);
            torrents.AddRange(page.Torrents);
            if (page.Torrents.Count < PageLength)
                return torrents;
        }
    }

    /// <summary>A part of the torrents that a query lets through, such as <c>state=seeding&amp;offset=100&amp;limit=50</c>.</summary>
    public Task<TorrentPage> PageAsync(string query = "", CancellationToken cancellationToken = default) =>
        _daemon.GetAsync($"/api/v1/torrents?{query}", Lenient.TorrentPage, cancellationToken);

    /// <summary>Adds a torrent.</summary>
    public Task<TorrentItem> AddAsync(AddTorrent torrent, CancellationToken cancellationToken = default) => _daemon.SendAsync(
        HttpMethod.Post, "/api/v1/torrents", torrent, JsonContext.Default.AddTorrent, Lenient.TorrentItem, cancellationToken, Timeout * 2);

    /// <summary>Looks into a torrent without adding it.</summary>
    public Task<InspectedTorrent> InspectAsync(InspectTorrent torrent, CancellationToken cancellationToken = default) => _daemon.SendAsync(
        HttpMethod.Post, "/api/v1/torrents/inspect", torrent, JsonContext.Default.InspectTorrent, Lenient.InspectedTorrent,
        cancellationToken, Timeout * 2);

    /// <summary>Everything about one torrent.</summary>
    public Task<TorrentDetails> ShowAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash), Lenient.TorrentDetails, cancellationToken);

    /// <summary>Changes the settings of a torrent, and returns how it stands then.</summary>
    public Task<TorrentItem> ChangeTorrentAsync(string hash, TorrentChange change, CancellationToken cancellationToken = default) =>
        _daemon.SendAsync(
            HttpMethod.Patch, Of(hash), change, JsonContext.Default.TorrentChange, Lenient.TorrentItem, cancellationToken);

    /// <summary>Removes a torrent, with its files or without; returns whether that is done.</summary>
    public Task<bool> RemoveAsync(string hash, bool deleteFiles = false, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Delete, $"{Of(hash)}?deleteFiles={(deleteFiles ? "true" : "false")}", cancellationToken);

    /// <summary>Starts a torrent; returns whether that is done.</summary>
    public Task<bool> StartAsync(string hash, CancellationToken cancellationToken = default) => PostAsync(hash, "start", cancellationToken);

    /// <summary>Stops a torrent; returns whether that is done.</summary>
    public Task<bool> StopAsync(string hash, CancellationToken cancellationToken = default) => PostAsync(hash, "stop", cancellationToken);

    /// <summary>Has the data of a torrent checked; returns whether that has begun.</summary>
    public Task<bool> RecheckAsync(string hash, CancellationToken cancellationToken = default) =>
        PostAsync(hash, "recheck", cancellationToken);

    /// <summary>Has the trackers of a torrent asked for peers; returns whether that has begun.</summary>
    public Task<bool> ReannounceAsync(string hash, CancellationToken cancellationToken = default) =>
        PostAsync(hash, "reannounce", cancellationToken);

    /// <summary>Moves the files of a torrent to another folder; returns whether that is done.</summary>
    public Task<bool> MoveAsync(string hash, MoveTorrent move, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Post, Of(hash, "move"), move, JsonContext.Default.MoveTorrent, cancellationToken);

    /// <summary>Cancels such a move, and undoes what was done.</summary>
    public Task CancelMoveAsync(string hash, CancellationToken cancellationToken = default) =>
        PostAsync(hash, "move/cancel", cancellationToken);

    /// <summary>Moves a torrent in the queue.</summary>
    public Task QueueAsync(string hash, QueueRequest request, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Post, Of(hash, "queue"), request, JsonContext.Default.QueueRequest, cancellationToken);

    /// <summary>The files of a torrent.</summary>
    public Task<FileList> FilesAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash, "files"), Lenient.FileList, cancellationToken);

    /// <summary>Sets a priority of files; returns whether that is done.</summary>
    public Task<bool> PrioritizeAsync(string hash, FileChange change, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Patch, Of(hash, "files"), change, JsonContext.Default.FileChange, cancellationToken);

    /// <summary>Renames a file within the torrent's folder; returns whether that is done.</summary>
    public Task<bool> RenameFileAsync(string hash, int index, FileRename rename, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(
            HttpMethod.Post, OfFile(hash, index, "rename"), rename, JsonContext.Default.FileRename, cancellationToken);

    /// <summary>Renames a folder within the torrent's folder; returns whether that is done.</summary>
    public Task<bool> RenameFolderAsync(string hash, FolderRename rename, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Post, Of(hash, "rename-folder"), rename, JsonContext.Default.FolderRename, cancellationToken);

    /// <summary>A link to a file that needs no login, for a player.</summary>
    public Task<ContentTicket> TicketAsync(string hash, int index, CancellationToken cancellationToken = default) =>
        _daemon.PostAsync(OfFile(hash, index, "ticket"), Lenient.ContentTicket, cancellationToken);

    /// <summary>The content of a file from a position on, as far as it is there; what is missing is waited for.</summary>
    public async Task<Stream> ReadFileAsync(string hash, int index, long from = 0, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, OfFile(hash, index, "content"));
        if (from > 0)
            request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(from, null);

        // Disposing of the stream ends the answer.
        HttpResponseMessage answer = await _daemon.OpenAsync(request, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The .torrent of a torrent.</summary>
    public Task<byte[]> ExportAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.DownloadAsync(Of(hash, "torrent"), cancellationToken);

    /// <summary>Which pieces of a torrent are there.</summary>
    public Task<PieceMap> PiecesAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash, "pieces"), Lenient.PieceMap, cancellationToken);

    /// <summary>The connected peers of a torrent.</summary>
    public Task<PeerList> PeersAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash, "peers"), Lenient.PeerList, cancellationToken);

    /// <summary>Tells a torrent of peers.</summary>
    public Task AddPeersAsync(string hash, AddPeers peers, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Post, Of(hash, "peers"), peers, JsonContext.Default.AddPeers, cancellationToken);

    /// <summary>The trackers of a torrent.</summary>
    public Task<TrackerList> TrackersAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash, "trackers"), Lenient.TrackerList, cancellationToken);

    /// <summary>The web seeds of a torrent.</summary>
    public Task<WebSeedList> WebSeedsAsync(string hash, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync(Of(hash, "webseeds"), Lenient.WebSeedList, cancellationToken);

    /// <summary>Does one thing with several torrents.</summary>
    public Task<BulkResult> BulkAsync(BulkRequest request, CancellationToken cancellationToken = default) => _daemon.SendAsync(
        HttpMethod.Post, "/api/v1/torrents/bulk", request, JsonContext.Default.BulkRequest, Lenient.BulkResult, cancellationToken);

    /// <summary>Begins to create a torrent from a path of the daemon's machine.</summary>
    public Task<CreationItem> CreateAsync(CreateTorrent torrent, CancellationToken cancellationToken = default) => _daemon.SendAsync(
        HttpMethod.Post, "/api/v1/creations", torrent, JsonContext.Default.CreateTorrent, Lenient.CreationItem, cancellationToken);

    /// <summary>The torrents that are being created, or were.</summary>
    public Task<CreationList> CreationsAsync(CancellationToken cancellationToken = default) =>
        _daemon.GetAsync("/api/v1/creations", Lenient.CreationList, cancellationToken);

    /// <summary>One of them, with its progress.</summary>
    public Task<CreationItem> CreationAsync(string id, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync($"/api/v1/creations/{id}", Lenient.CreationItem, cancellationToken);

    /// <summary>The .torrent that was created.</summary>
    public Task<byte[]> CreatedTorrentAsync(string id, CancellationToken cancellationToken = default) =>
        _daemon.DownloadAsync($"/api/v1/creations/{id}/torrent", cancellationToken);

    /// <summary>Cancels a creation, or forgets one that has ended.</summary>
    public Task RemoveCreationAsync(string id, CancellationToken cancellationToken = default) =>
        _daemon.TellAsync(HttpMethod.Delete, $"/api/v1/creations/{id}", cancellationToken);

    /// <summary>Whether the daemon works; throws if it cannot be reached.</summary>
    public Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default) =>
        _daemon.SucceedsAsync("/healthz", cancellationToken);

    /// <summary>How the session stands.</summary>
    public Task<SessionInfo> SessionAsync(CancellationToken cancellationToken = default) =>
        _daemon.GetAsync("/api/v1/session", Lenient.SessionInfo, cancellationToken);

    /// <summary>The settings of the session.</summary>
    public Task<SessionSettings> SettingsAsync(CancellationToken cancellationToken = default) =>
        _daemon.GetAsync("/api/v1/session/settings", Lenient.SessionSettings, cancellationToken);

    /// <summary>Changes settings of the session, and returns all of them.</summary>
    public Task<SessionSettings> ChangeAsync(SessionChange change, CancellationToken cancellationToken = default) => _daemon.SendAsync(
        HttpMethod.Patch, "/api/v1/session/settings", change, JsonContext.Default.SessionChange, Lenient.SessionSettings,
        cancellationToken);

    /// <summary>What was transferred, in this run and in all.</summary>
    public Task<SessionStatistics> StatisticsAsync(CancellationToken cancellationToken = default) =>
        _daemon.GetAsync("/api/v1/session/statistics", Lenient.SessionStatistics, cancellationToken);

    /// <summary>The rates of the last ten minutes, by the second; or of the last day.</summary>
    public Task<RateHistory> HistoryAsync(bool ofDay = false, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync($"/api/v1/session/history?span={(ofDay ? "day" : "minutes")}", Lenient.RateHistory, cancellationToken);

    /// <summary>A folder of the daemon's machine; null is the download folder.</summary>
    public Task<FolderInfo> FolderAsync(string? path = null, CancellationToken cancellationToken = default) => _daemon.GetAsync(
        path is null ? "/api/v1/folders" : $"/api/v1/folders?path={Uri.EscapeDataString(path)}", Lenient.FolderInfo, cancellationToken);

    /// <summary>A part of the log, or of the log of one torrent.</summary>
    public Task<LogPage> LogAsync(string? hash, string query, CancellationToken cancellationToken = default) =>
        _daemon.GetAsync($"/api/v1/{(hash is null ? "" : $"torrents/{hash}/")}log?{query}", Lenient.LogPage, cancellationToken);

    /// <summary>
    /// Live events: all torrents, then what changes. They end when the daemon stops, and fail if the connection is lost; listen again with
    /// the id of the last one to get what happened in between.
    /// </summary>
    /// <param name="lastId">The id of the last event that was received; null to begin with all torrents.</param>
    /// <param name="cancellationToken">Ends listening.</param>
    public async IAsyncEnumerable<DaemonEvent> ListenAsync(
        string? lastId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/events");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using HttpResponseMessage answer = await _daemon.OpenAsync(request, cancellationToken).ConfigureAwait(false);
        using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        IAsyncEnumerator<SseItem<JsonElement>> items = SseParser
            .Create(stream, static (_, data) => JsonElement.Parse(data)).EnumerateAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (await HasNextAsync(items).ConfigureAwait(false))
                yield return new DaemonEvent(items.Current.EventType, items.Current.EventId, items.Current.Data);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _daemon.Dispose();

    private static string Of(string hash, string? what = null) => $"/api/v1/torrents/{hash}{(what is null ? "" : "/" + what)}";

    private static string OfFile(string hash, int index, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"/api/v1/torrents/{hash}/files/{index}/{what}");

    private Task<bool> PostAsync(string hash, string what, CancellationToken cancellationToken) =>
        _daemon.TellAsync(HttpMethod.Post, Of(hash, what), cancellationToken);

    private async ValueTask<bool> HasNextAsync(IAsyncEnumerator<SseItem<JsonElement>> items)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw _daemon.Lost(e);
        }
    }
}
