using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Freshet.Api;

/// <summary>Sends the requests of a <see cref="DaemonClient"/>; every answer but success is a <see cref="DaemonException"/>.</summary>
internal sealed class DaemonConnection : IDisposable
{
    // A newer daemon may say more than is known here.
    public static readonly JsonContext Lenient = new(
        new JsonSerializerOptions(JsonContext.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip });

    private readonly HttpClient _http;

    public DaemonConnection(Uri server, string token, HttpMessageHandler handler)
    {
        _http = new HttpClient(handler)
        {
            BaseAddress = server,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Server => _http.BaseAddress!;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The connections to a daemon. No proxy: the token is for the daemon alone.</summary>
    public static SocketsHttpHandler HandlerFor(string? certificate)
    {
        SocketsHttpHandler handler = new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (certificate is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, served, _, _) =>
                served is X509Certificate2 its
                && its.GetCertHashString(HashAlgorithmName.SHA256).Equals(certificate, StringComparison.OrdinalIgnoreCase);
        }

        return handler;
    }

    public void Dispose() => _http.Dispose();

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await ReadAsync(request, type, Timeout, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TAnswer> SendAsync<T, TAnswer>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken,
        TimeSpan? timeout = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body, type) };
        return await ReadAsync(request, answer, timeout ?? Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for something to be made, of which all is said by the path.</summary>
    public async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        return await ReadAsync(request, type, Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request whose answer has no body; returns false if what was asked for goes on (202).</summary>
    public async Task<bool> TellAsync<T>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path) { Content = JsonContent.Create(body, type) };
        return await TellAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same without a body.</summary>
    public async Task<bool> TellAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        return await TellAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public async Task<byte[]> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await AskAsync(
            request, HttpCompletionOption.ResponseContentRead,
            static (answer, ending) => answer.Content.ReadAsByteArrayAsync(ending), Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request, and returns its answer as soon as that begins; the caller disposes of it.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken) => InTimeAsync(
        async ending =>
        {
            HttpResponseMessage answer = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
                throw new DaemonException(await ProblemOfAsync(answer, ending).ConfigureAwait(false));
        },
        Timeout, cancellationToken);

    /// <summary>Whether a request succeeds; throws only if the daemon cannot be reached.</summary>
    public async Task<bool> SucceedsAsync(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await InTimeAsync(
            async ending =>
            {
                using HttpResponseMessage answer = await _http.SendAsync(request, ending).ConfigureAwait(false);
                return answer.IsSuccessStatusCode;
            },
            Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection was lost while an answer was read.</summary>
    public DaemonException Lost(Exception e) => Unreachable(e);

    private Task<bool> TellAsync(HttpRequestMessage request, CancellationToken cancellationToken) => AskAsync(
        request, HttpCompletionOption.ResponseContentRead,
        static (answer, _) => Task.FromResult(answer.StatusCode != System.Net.HttpStatusCode.Accepted), Timeout, cancellationToken);

    private Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(
            request, HttpCompletionOption.ResponseContentRead,
            async (answer, ending) =>
                await answer.Content.ReadFromJsonAsync(type, ending).ConfigureAwait(false) ?? throw new JsonException("null"),
            timeout, cancellationToken);

    private Task<T> AskAsync<T>(
        HttpRequestMessage request, HttpCompletionOption completion, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        TimeSpan timeout, CancellationToken cancellationToken) => InTimeAsync(
        async ending =>
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, completion, ending).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                throw new DaemonException(await ProblemOfAsync(answer, ending).ConfigureAwait(false));
            return await read(answer, ending).ConfigureAwait(false);
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
