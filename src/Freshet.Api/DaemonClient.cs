using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Freshet.Api;

/// <summary>Asks a daemon. Every method throws a <see cref="DaemonException"/> if it refuses or cannot be reached.</summary>
public sealed class DaemonClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // A newer daemon may say more than is known here.
    private static readonly JsonContext Lenient = new(
        new JsonSerializerOptions(JsonContext.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    private readonly HttpClient _http;

    /// <param name="server">Where the daemon is served.</param>
    /// <param name="token">Its token.</param>
    /// <param name="certificate">
    /// The SHA-256 of the one certificate that it may serve, in hexadecimal digits, whoever made it and whatever name is in it; null if the
    /// system decides which certificates are trusted.
    /// </param>
    public DaemonClient(Uri server, string token, string? certificate = null)
    {
        // No proxy: the token is for the daemon alone.
        SocketsHttpHandler handler = new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (certificate is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, served, _, _) =>
                served is X509Certificate2 its
                && its.GetCertHashString(HashAlgorithmName.SHA256).Equals(certificate, StringComparison.OrdinalIgnoreCase);
        }

        _http = new HttpClient(handler)
        {
            BaseAddress = server,
            Timeout = Timeout,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where the daemon is served.</summary>
    public Uri Server => _http.BaseAddress!;

    /// <summary>All torrents that a query lets through, such as <c>state=seeding&amp;sort=name</c>.</summary>
    public async Task<IReadOnlyList<TorrentItem>> ListAsync(string query = "", CancellationToken cancellationToken = default)
    {
        const int PageLength = 10_000;
        List<TorrentItem> torrents = [];
        while (true)
        {
            TorrentPage page = await GetAsync(
                $"/api/v1/torrents?{query}{(query.Length > 0 ? "&" : "")}offset={torrents.Count}&limit={PageLength}",
                Lenient.TorrentPage, cancellationToken).ConfigureAwait(false);
            torrents.AddRange(page.Torrents);
            if (page.Torrents.Count < PageLength)
                return torrents;
        }
    }

    /// <summary>Adds a torrent.</summary>
    public Task<TorrentItem> AddAsync(AddTorrent torrent, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, "/api/v1/torrents", torrent, JsonContext.Default.AddTorrent,
                Lenient.TorrentItem, cancellationToken);

    /// <summary>Everything about one torrent.</summary>
    public Task<TorrentDetails> ShowAsync(string hash, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/torrents/{hash}", Lenient.TorrentDetails, cancellationToken);

    /// <summary>The files of a torrent.</summary>
    public Task<FileList> FilesAsync(string hash, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/torrents/{hash}/files", Lenient.FileList, cancellationToken);

    /// <summary>The connected peers of a torrent.</summary>
    public Task<PeerList> PeersAsync(string hash, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/torrents/{hash}/peers", Lenient.PeerList, cancellationToken);

    /// <summary>The trackers of a torrent.</summary>
    public Task<TrackerList> TrackersAsync(string hash, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/torrents/{hash}/trackers", Lenient.TrackerList, cancellationToken);

    /// <summary>The web seeds of a torrent.</summary>
    public Task<WebSeedList> WebSeedsAsync(string hash, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/torrents/{hash}/webseeds", Lenient.WebSeedList, cancellationToken);

    /// <summary>Does one thing with several torrents.</summary>
    public Task<BulkResult> BulkAsync(BulkRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, "/api/v1/torrents/bulk", request, JsonContext.Default.BulkRequest, Lenient.BulkResult,
            cancellationToken);

    /// <summary>Whether the daemon works; throws if it cannot be reached.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("/healthz", UriKind.Relative), cancellationToken)
                .ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
    }

    /// <summary>How the session stands.</summary>
    public Task<SessionInfo> SessionAsync(CancellationToken cancellationToken = default) =>
        GetAsync("/api/v1/session", Lenient.SessionInfo, cancellationToken);

    /// <summary>Changes settings of the session; with an empty change, only reads them.</summary>
    public Task<SessionSettings> ChangeAsync(SessionChange change, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Patch, "/api/v1/session/settings", change, JsonContext.Default.SessionChange, Lenient.SessionSettings,
            cancellationToken);

    /// <summary>A part of the log, or of the log of one torrent.</summary>
    public Task<LogPage> LogAsync(string? hash, string query, CancellationToken cancellationToken = default) =>
        GetAsync($"/api/v1/{(hash is null ? "" : $"torrents/{hash}/")}log?{query}", Lenient.LogPage, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await SendAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TAnswer> SendAsync<T, TAnswer>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body, type) };
        return await SendAsync(request, answer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                throw new DaemonException(await ProblemOfAsync(answer, cancellationToken).ConfigureAwait(false));
            return await answer.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable(e);
        }
    }

    private DaemonException Unreachable(Exception e)
    {
        string detail = e is JsonException
            ? $"What answers at {Server} is no daemon of this version."
            : $"No daemon answers at {Server}: {e.GetBaseException().Message.TrimEnd('.')}.";
        return new DaemonException(new Problem { Title = "Unreachable", Detail = detail, Code = "unreachable" }, e);
    }

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Problem? problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? await answer.Content.ReadFromJsonAsync(Lenient.Problem, cancellationToken).ConfigureAwait(false)
            : null;
        return problem ?? new Problem
        {
            Title = answer.ReasonPhrase,
            Status = (int)answer.StatusCode,
            Detail = $"The server answered with {(int)answer.StatusCode} {answer.ReasonPhrase}.",
            Code = "unknown",
        };
    }
}
