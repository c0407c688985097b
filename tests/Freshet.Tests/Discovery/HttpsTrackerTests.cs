using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Tests.Discovery;

/// <summary>
/// A tracker over TLS is trusted if its certificate is valid, and otherwise refused in clear words before anything is sent to it.
/// </summary>
public sealed class HttpsTrackerTests : IDisposable
{
    private const string Answer = "HTTP/1.0 200 OK\r\n\r\nd8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e";

    private static readonly AnnounceRequest Request = SampleAnnounce.Request;

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_certificate_of_a_trusted_issuer_is_accepted()
    {
        using X509Certificate2 certificate = _certificates.Issue("127.0.0.1");
        await using ScriptedServer server = Listen(certificate);
        Assert.StartsWith("https://127.0.0.1:", server.AnnounceUrl, StringComparison.Ordinal);
        TrackerOutcome<AnnounceResponse> outcome = await AnnounceAsync(server.AnnounceUrl, _certificates.Trusting);
        Assert.True(outcome.HasAnswer, outcome.Failure);
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:6881"), Assert.Single(outcome.Answer.Peers).EndPoint);
        Assert.StartsWith("GET /announce?info_hash=%01%26%3D", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_the_trackers_name_is_accepted()
    {
        using X509Certificate2 certificate = _certificates.Issue("tracker.test");
        await using ScriptedServer server = Listen(certificate);
        TrackerOutcome<AnnounceResponse> outcome = await AnnounceAsync(
            $"https://tracker.test:{server.EndPoint.Port}/announce", _certificates.Trusting);
        Assert.True(outcome.HasAnswer, outcome.Failure);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_issuer_is_refused_with_advice()
    {
        using X509Certificate2 certificate = _certificates.Issue("127.0.0.1");
        await AssertRefusedAsync(
            certificate,
            null,
            "this machine does not know who issued its certificate; if you trust the issuer, add its certificate to those of the system");
    }

    // The framework's own policy would fetch the issuer's certificate from the URL in the certificate, from any local address.
    [Fact]
    public async Task Nothing_is_fetched_from_urls_in_a_certificate()
    {
        await using ScriptedServer issuer = ScriptedServer.Http("404 Not Found", "");
        using X509Certificate2 certificate = _certificates.Issue("127.0.0.1", issuerUrl: $"http://{issuer.EndPoint}/issuer.cer");
        await using ScriptedServer server = Listen(certificate);
        Assert.Contains(
            "does not know who issued its certificate", (await AnnounceAsync(server.AnnounceUrl, null)).Failure, StringComparison.Ordinal);
        Assert.Empty(issuer.Clients);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using X509Certificate2 certificate = _certificates.Issue("other.test");
        await AssertRefusedAsync(
            certificate, _certificates.Trusting,
            "its certificate is not for 127.0.0.1; if you trust it, use the name that the certificate is for");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        using X509Certificate2 certificate = _certificates.Issue("127.0.0.1", isExpired: true);
        await AssertRefusedAsync(
            certificate, _certificates.Trusting,
            "its certificate has expired or is not valid yet; if it should be valid, check this machine's clock");
    }

    [Fact]
    public async Task A_server_that_does_not_speak_tls_is_reported_as_such()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using TcpListener plain = new(IPAddress.Loopback, 0);
        plain.Start();
        Task answering = AnswerInPlainAsync(plain, stop.Token);
        string? failure = (await AnnounceAsync($"https://{plain.LocalEndpoint}/announce", null)).Failure;
        await stop.CancelAsync();
        await answering;
        Assert.Equal(
            $"no secure connection to {plain.LocalEndpoint}: it did not answer in TLS; "
            + "if it serves plain HTTP, its URL begins with http://",
            failure);
    }

    [Fact]
    public async Task A_redirect_from_http_to_https_is_followed_but_not_the_reverse()
    {
        using X509Certificate2 certificate = _certificates.Issue("127.0.0.1");
        await using ScriptedServer secure = Listen(certificate);
        await using ScriptedServer plain = ScriptedServer.Http("302 Found", "", $"Location: {secure.AnnounceUrl}", "Connection: close");
        Assert.True((await AnnounceAsync(plain.AnnounceUrl, _certificates.Trusting)).HasAnswer);

        await using ScriptedServer lax = new(
            async (_, stream, cancellation) => await stream.WriteAsync(
                Encoding.Latin1.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {plain.AnnounceUrl}\r\nContent-Length: 0\r\n\r\n"),
                cancellation),
            certificate: certificate);
        int before = plain.Heads.Count;
        Assert.Equal(
            $"{lax.EndPoint} redirected from HTTPS to HTTP, which is not followed",
            (await AnnounceAsync(lax.AnnounceUrl, _certificates.Trusting)).Failure);
        Assert.Equal(before, plain.Heads.Count);
    }

    /// <summary>Refused in these words, and before anything was sent.</summary>
    private static async Task AssertRefusedAsync(X509Certificate2 certificate, X509ChainPolicy? policy, string words)
    {
        await using ScriptedServer server = Listen(certificate);
        Assert.Equal($"no secure connection to {server.EndPoint}: {words}", (await AnnounceAsync(server.AnnounceUrl, policy)).Failure);
        Assert.Empty(server.Heads);
    }

    private static ScriptedServer Listen(X509Certificate2 certificate) => new(
        async (_, stream, cancellation) => await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer), cancellation),
        certificate: certificate);

    private static async Task AnswerInPlainAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
            await client.GetStream().ReadExactlyAsync(new byte[1], cancellationToken);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string url, X509ChainPolicy? policy)
    {
        HttpRequesterOptions requests = new() { Binding = new NetworkBinding { Names = new NameResolver(_ => [IPAddress.Loopback]) } };
        if (policy is not null)
            requests = requests with { ChainPolicy = policy };
        using TrackerService tracker = new(requests);
        return await tracker.AnnounceAsync(url, Request, TestContext.Current.CancellationToken);
    }
}
