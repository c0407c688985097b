using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Security;

/// <summary>What SECURITY.md promises about the daemon, one test for each promise.</summary>
public class DoorTests
{
    private const string SomeHash = "c9e15763f722f23e98a29decdfae341b98d53056";

    [Fact]
    public async Task A_request_without_a_token_is_refused_wherever_it_goes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        int refused = 0;
        foreach ((string path, JsonNode? item) in description["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in item!.AsObject())
            {
                if (operation!["security"]!.AsArray().Count == 0)
                    continue;
                using HttpResponseMessage answer = await TestDaemon.SendAsync(
                    daemon.Stranger, new HttpMethod(method.ToUpperInvariant()),
                    path.Replace("{hash}", SomeHash, StringComparison.Ordinal).Replace("{index}", "0", StringComparison.Ordinal), "{}");
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
                refused++;
            }
        }

        Assert.True(refused > 25);
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Get, "/api/v1/session", null, HttpStatusCode.Unauthorized, "not-authenticated",
            request => request.Headers.Authorization = new("Bearer", daemon.Server.Token + "x"));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8690")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.1.2.3")]
    public async Task A_rebound_Host_is_refused(string host)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Get, "/api/v1/session", null, HttpStatusCode.MisdirectedRequest, "wrong-host",
            request => request.Headers.Host = host);
        using HttpResponseMessage page = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, "/", change: request => request.Headers.Host = host);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, page.StatusCode);
    }

    [Fact]
    public async Task A_configured_name_is_accepted_in_Host()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with { AllowedHosts = ["nas.example"] });
        using HttpResponseMessage answer = await daemon.SendAsync(
            HttpMethod.Get, "/api/v1/session", change: request => request.Headers.Host = "nas.example:80");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_foreign_Origin_is_refused_even_with_the_token(string origin)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents/bulk", """{"action": "stop", "hashes": []}""",
            HttpStatusCode.Forbidden, "foreign-origin", request => request.Headers.Add("Origin", origin));
    }

    [Fact]
    public async Task A_cookie_alone_changes_nothing_unless_the_request_says_that_it_comes_from_our_page()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string cookie = await LogInAsync(daemon, $$"""{"token": "{{daemon.Server.Token}}"}""");
        string own = daemon.Server.Urls[0].GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/api/v1/session", null));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Patch, "/api/v1/session/settings", null));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Patch, "/api/v1/session/settings", "http://evil.example"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Patch, "/api/v1/session/settings", own));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? origin)
        {
            using HttpResponseMessage answer = await TestDaemon.SendAsync(
                daemon.Stranger, method, path, method == HttpMethod.Get ? null : "{}", request =>
                {
                    request.Headers.Add("Cookie", cookie);
                    if (origin is not null)
                        request.Headers.Add("Origin", origin);
                });
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_cookie_is_hidden_from_scripts_and_other_sites_and_ends_at_logout()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage login = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", $$"""{"token": "{{daemon.Server.Token}}"}""");
        string set = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(daemon.Server.Token, set, StringComparison.Ordinal);
        string cookie = set.Split(';')[0];
        string own = daemon.Server.Urls[0].GetLeftPart(UriPartial.Authority);
        using HttpResponseMessage logout = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Post, "/api/v1/logout", "{}", request =>
        {
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("Origin", own);
        });
        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        using HttpResponseMessage after = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, "/api/v1/session", change: request => request.Headers.Add("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Daemons_at_two_ports_of_a_host_do_not_log_each_other_out()
    {
        await using TestDaemon one = await TestDaemon.StartAsync();
        await using TestDaemon other = await TestDaemon.StartAsync();
        CookieContainer jar = new();
        using HttpClient browser = new(new HttpClientHandler { CookieContainer = jar });
        foreach (TestDaemon daemon in (TestDaemon[])[one, other])
        {
            using HttpResponseMessage login = await TestDaemon.SendAsync(
                browser, HttpMethod.Post, $"{daemon.Server.Urls[0]}api/v1/login", $$"""{"token": "{{daemon.Server.Token}}"}""");
            Assert.Equal(HttpStatusCode.NoContent, login.StatusCode);
        }

        // As browsers do: cookies know no port, so the last with a name is the one that all ports get.
        string cookies = string.Join("; ", jar.GetAllCookies().GroupBy(cookie => cookie.Name).Select(named => named.Last().ToString()));
        foreach (TestDaemon daemon in (TestDaemon[])[one, other])
        {
            using HttpResponseMessage answer = await TestDaemon.SendAsync(
                daemon.Stranger, HttpMethod.Get, "/api/v1/session", change: request => request.Headers.Add("Cookie", cookies));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Behind_a_proxy_that_speaks_TLS_the_cookie_is_for_TLS_alone(string scheme, bool isSecure)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with { AllowedHosts = ["nas.example"] });
        using HttpResponseMessage login = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", $$"""{"token": "{{daemon.Server.Token}}"}""", request =>
            {
                request.Headers.Host = "nas.example";
                request.Headers.Add("Origin", scheme + "://nas.example");
            });
        string set = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Equal(isSecure, set.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("freshet=", set, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brute_force_is_stopped_after_a_few_attempts_even_if_they_come_at_once()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { PasswordHash = PasswordHash.Of("right") });
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", $$"""{"password": "guess {{i}}"}""")));
        Assert.Equal(Bounds.MaxFailuresOfAddress, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(
            answers.Length - Bounds.MaxFailuresOfAddress, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        using HttpResponseMessage right = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", """{"password": "right"}""");
        await TestDaemon.ProblemOfAsync(right, HttpStatusCode.TooManyRequests, "too-many-attempts");
        Assert.True(right.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        await daemon.RefusedAsync(HttpMethod.Get, "/api/v1/session", null, HttpStatusCode.TooManyRequests, "too-many-attempts",
            request => request.Headers.Authorization = new("Bearer", "guess"));
    }

    [Fact]
    public async Task Failures_of_others_do_not_keep_out_holders_of_the_token_or_a_cookie()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string cookie = await LogInAsync(daemon, $$"""{"token": "{{daemon.Server.Token}}"}""");
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage wrong = await TestDaemon.SendAsync(
                daemon.Stranger, HttpMethod.Get, "/api/v1/session",
                change: request => request.Headers.Authorization = new("Bearer", "guess"));
            Assert.NotEqual(HttpStatusCode.OK, wrong.StatusCode);
        }

        await daemon.GetAsync("/api/v1/session");
        await LogInAsync(daemon, $$"""{"token": "{{daemon.Server.Token}}"}""");
        using HttpResponseMessage page = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, "/api/v1/session", change: request => request.Headers.Add("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Credentials_for_a_proxy_neither_hide_the_cookie_nor_replace_an_Origin()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string cookie = await LogInAsync(daemon, $$"""{"token": "{{daemon.Server.Token}}"}""");
        for (int i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/api/v1/session", cookie));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Patch, "/api/v1/session/settings", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(HttpMethod.Get, "/api/v1/session", cookie.Split('=')[0] + "=guess"));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string cookie)
        {
            using HttpResponseMessage answer = await TestDaemon.SendAsync(
                daemon.Stranger, method, path, method == HttpMethod.Get ? null : "{}", request =>
                {
                    request.Headers.Add("Cookie", cookie);
                    request.Headers.Authorization = new("Basic", "bWU6cGFzc3dvcmQ=");
                });
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_password_opens_the_door_if_there_is_one_and_a_wrong_one_does_not()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { PasswordHash = PasswordHash.Of("right") });
        using HttpResponseMessage wrong = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", """{"password": "wrong"}""");
        await TestDaemon.ProblemOfAsync(wrong, HttpStatusCode.Unauthorized, "wrong-credentials");
        await LogInAsync(daemon, """{"password": "right"}""");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_token_and_the_state_folder_are_open_only_to_their_user()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(daemon["state/daemon/token"]));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Owner, File.GetUnixFileMode(daemon["state/daemon"]));
        Assert.Equal(Owner, File.GetUnixFileMode(daemon["state"]));
        Assert.True(daemon.Server.IsTokenNew);
    }

    [Fact]
    public async Task A_token_that_was_made_by_a_start_that_failed_counts_as_new_until_it_was_shown()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using (System.Net.Sockets.TcpListener other = new(IPAddress.Loopback, 0))
        {
            other.Start();
            DaemonOptions taken = options with { Listen = [(IPEndPoint)other.LocalEndpoint] };
            FreshetException e = await Assert.ThrowsAsync<FreshetException>(() => DaemonServer.StartAsync(taken, cancellation));
            Assert.Equal(FreshetError.CannotListen, e.Error);
        }

        await using (DaemonServer unshown = await DaemonServer.StartAsync(options, cancellation))
            Assert.True(unshown.IsTokenNew);
        await using (DaemonServer shown = await DaemonServer.StartAsync(options, cancellation))
        {
            Assert.True(shown.IsTokenNew);
            shown.OnTokenShown();
            Assert.False(shown.IsTokenNew);
        }

        await using DaemonServer last = await DaemonServer.StartAsync(options, cancellation);
        Assert.False(last.IsTokenNew);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string large = $$"""{"token": "{{new string('x', 100_000)}}"}""";
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/login", large, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Answers_of_the_API_run_no_script_and_cannot_be_framed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/api/v1/authentication");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    private static async Task<string> LogInAsync(TestDaemon daemon, string proof)
    {
        using HttpResponseMessage answer = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Post, "/api/v1/login", proof);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
