using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Http;

/// <summary>What every operation refuses, asked of every operation that is described.</summary>
public class EveryOperationTests
{
    private static readonly string Absent = new('0', 40);
    private static readonly byte[] TooLarge = new byte[(32 * 1024 * 1024) + 1];

    [Fact]
    public async Task Wrong_hosts_foreign_pages_and_strangers_are_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        foreach ((HttpMethod method, string path, JsonNode operation) in await OperationsAsync(daemon))
        {
            await RefusedAsync(daemon.Client, method, path, HttpStatusCode.MisdirectedRequest, "wrong-host",
                request => request.Headers.Host = "elsewhere.test");
            await RefusedAsync(daemon.Client, method, path, HttpStatusCode.Forbidden, "foreign-origin",
                request => request.Headers.Add("Origin", "http://elsewhere.test"));
            if (operation["security"]!.AsArray().Count > 0)
                await RefusedAsync(daemon.Stranger, method, path, HttpStatusCode.Unauthorized, "not-authenticated");
        }
    }

    [Fact]
    public async Task Unknown_parameters_and_bodies_that_cannot_be_read_are_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        int bodies = 0;
        foreach ((HttpMethod method, string path, JsonNode operation) in await OperationsAsync(daemon))
        {
            await RefusedAsync(daemon.Client, method, path + "?nonsense=1", HttpStatusCode.BadRequest, "invalid-value");
            if (operation["requestBody"] is null)
                continue;
            bodies++;
            await RefusedAsync(daemon.Client, method, path, HttpStatusCode.BadRequest, "invalid-json",
                request => request.Content = new StringContent("{\"nonsense\": 1}", Encoding.UTF8, "application/json"));
            await RefusedAsync(daemon.Client, method, path, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type",
                request => request.Content = new StringContent("{}", Encoding.UTF8, "text/plain"));

            // Refused by what its head says: nothing of the body is sent.
            await RefusedAsync(daemon.Client, method, path, HttpStatusCode.RequestEntityTooLarge, "too-large", request =>
            {
                request.Headers.ExpectContinue = true;
                request.Content = new ByteArrayContent(TooLarge);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            });
        }

        Assert.True(bodies >= 13, $"only {bodies}");
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        JsonNode description = await daemon.GetAsync("/openapi.json");
        foreach ((string path, JsonNode? operations) in description["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in operations!.AsObject())
            {
                JsonNode? body = operation!["requestBody"]?["content"]!["application/json"]!["example"];
                if (path.Contains("{hash}", StringComparison.Ordinal))
                    await NotFoundAsync(method, path.Replace("{hash}", Absent, StringComparison.Ordinal), body, "no-such-torrent");
                if (path.Contains("{index}", StringComparison.Ordinal))
                    await NotFoundAsync(method, path.Replace("{hash}", hash, StringComparison.Ordinal), body, "no-such-file");
                if (path.Contains("{id}", StringComparison.Ordinal))
                    await NotFoundAsync(method, path, body, "no-such-job");
            }
        }

        Task NotFoundAsync(string method, string path, JsonNode? body, string code) => RefusedAsync(
            daemon.Client, HttpMethod.Parse(method),
            path.Replace("{index}", "2", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal),
            HttpStatusCode.NotFound, code, request => request.Content =
                body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
    }

    private static async Task<(HttpMethod Method, string Path, JsonNode Operation)[]> OperationsAsync(TestDaemon daemon)
    {
        string hash = await daemon.AddAsync(new SampleTorrent());
        JsonNode description = await daemon.GetAsync("/openapi.json");
        return
        [
            .. from path in description["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               let asked = path.Key.Replace("{hash}", hash, StringComparison.Ordinal)
                   .Replace("{index}", "0", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal)
               select (HttpMethod.Parse(operation.Key), asked, operation.Value!),
        ];
    }

    private static async Task RefusedAsync(
        HttpClient client, HttpMethod method, string path, HttpStatusCode status, string code, Action<HttpRequestMessage>? change = null)
    {
        using HttpResponseMessage answer = await TestDaemon.SendAsync(client, method, path, json: null, change);
        if (method == HttpMethod.Head)
            Assert.Equal(status, answer.StatusCode);
        else
            await TestDaemon.ProblemOfAsync(answer, status, code);
    }
}
