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
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>
    /// How long to wait for an answer; twice as long for a torrent that the daemon may have to fetch from a URL. If there is none, the code
    /// of the problem is <c>no-answer</c>: the daemon is there, but busy, and may still do what it was asked for. Default: a minute.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

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
    public async Task<TorrentItem> AddAsync(AddTorrent torrent, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/torrents")
        {
            Content = JsonContent.Create(torrent, JsonContext.Default.AddTorrent),
        };
        return await SendAsync(request, Lenient.TorrentItem, Timeout * 2, cancellationToken).ConfigureAwait(false);
    }

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
        using HttpRequestMessage request = new(HttpMethod.Get, "/healthz");
        return await InTimeAsync(
            async ending =>
            {
                using HttpResponseMessage answer = await _http.SendAsync(request, ending).ConfigureAwait(false);
                return answer.IsSuccessStatusCode;
            },
            Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the session stands.</summary>
    public Task<SessionInfo> SessionAsync(CancellationToken cancellationToken = default) =>
        GetAsync("/api/v1/session", Lenient.SessionInfo, cancellationToken);

    /// <summary>The settings of the session.</summary>
    public Task<SessionSettings> SettingsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("/api/v1/session/settings", Lenient.SessionSettings, cancellationToken);

    /// <summary>Changes settings of the session, and returns all of them.</summary>
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
        return await SendAsync(request, type, Timeout, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TAnswer> SendAsync<T, TAnswer>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body, type) };
        return await SendAsync(request, answer, Timeout, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> SendAsync<T>(
        HttpRequestMessage request, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken) => InTimeAsync(
        async ending =>
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, ending).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                throw new DaemonException(await ProblemOfAsync(answer, ending).ConfigureAwait(false));
            return await answer.Content.ReadFromJsonAsync(type, ending).ConfigureAwait(false)
                ?? throw new JsonException("null");
        },
        timeout, cancellationToken);

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> ask, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(timeout);
        try
        {
            return await ask(ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw Unreachable(e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            string detail =
                $"The daemon at {Server} has not answered in {timeout.TotalSeconds:0} s. It may still do what it was asked for.";
            throw new DaemonException(new Problem { Title = "No answer", Detail = detail, Code = "no-answer" }, e);
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
