using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Security;

public class TlsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_certificate_of_a_file_is_served_and_cookies_are_only_for_TLS(bool isKeyApart)
    {
        using X509Certificate2 certificate = Make();
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, folder) => WithCertificate(options, folder, certificate, isKeyApart));
        Assert.Equal("https", daemon.Server.Urls[0].Scheme);
        using HttpClient client = new(new HttpClientHandler
        {
            UseCookies = false,
            ServerCertificateCustomValidationCallback = (_, served, _, _) => served?.Thumbprint == certificate.Thumbprint,
        })
        {
            BaseAddress = daemon.Server.Urls[0],
        };
        using HttpResponseMessage login = await TestDaemon.SendAsync(
            client, HttpMethod.Post, "/api/v1/login", $$"""{"token": "{{daemon.Server.Token}}"}""");
        Assert.Equal(HttpStatusCode.NoContent, login.StatusCode);
        Assert.Contains("secure", login.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);

        using HttpClient plain = new() { BaseAddress = new UriBuilder(daemon.Server.Urls[0]) { Scheme = "http" }.Uri };
        plain.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", daemon.Server.Token);
        await Assert.ThrowsAsync<HttpRequestException>(() => TestDaemon.SendAsync(plain, HttpMethod.Get, "/api/v1/session"));
    }

    [Fact]
    public async Task Programs_of_the_same_user_trust_only_the_certificate_that_the_state_folder_names()
    {
        using X509Certificate2 certificate = Make();
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, folder) => WithCertificate(options, folder, certificate, isKeyApart: false));
        LocalDaemon local = LocalDaemon.Find(daemon["state"])!;
        Assert.Equal((daemon.Server.Urls[0], daemon.Server.Token), (local.Address, local.Token));
        using DaemonClient client = new(local.Address, local.Token!, local.Certificate);
        Assert.Empty(await client.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
        foreach (string? other in (string?[])[null, local.Certificate![..^1], new string('0', 64)])
        {
            using DaemonClient wary = new(local.Address, local.Token!, other);
            DaemonException e = await Assert.ThrowsAsync<DaemonException>(
                () => wary.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal("unreachable", e.Problem.Code);
        }
    }

    [Fact]
    public void A_renewed_certificate_is_served_without_a_restart_and_one_that_cannot_be_used_changes_nothing()
    {
        using X509Certificate2 first = Make(), second = Make();
        using TemporaryFolder folder = new();
        string path = folder.Write("both.pem", PemOf(first));
        ServedCertificate served = ServedCertificate.Of(new DaemonOptions { Certificate = path })!;
        List<string> renewed = [];
        LogBook log = new(new EventJournal(), TimeProvider.System);
        CertificateRenewal renewal = new(served, renewed.Add, log);
        renewal.Look();
        Assert.Empty(renewed);
        Assert.Equal(first.GetCertHashString(HashAlgorithmName.SHA256), served.Hash);

        File.WriteAllText(path, "half a cert");
        renewal.Look();
        renewal.Look();
        Assert.Single(log.Read(null, null, 10, LogLevelCode.Error, null).Entries);
        Assert.Equal(first.Thumbprint, served.Options.ServerCertificateContext!.TargetCertificate.Thumbprint);

        File.WriteAllBytes(path, PemOf(second));
        renewal.Look();
        renewal.Look();
        Assert.Equal([second.GetCertHashString(HashAlgorithmName.SHA256)], renewed);
        Assert.Equal(second.Thumbprint, served.Options.ServerCertificateContext!.TargetCertificate.Thumbprint);
    }

    [Fact]
    public async Task The_daemon_looks_whether_its_certificate_was_renewed()
    {
        using X509Certificate2 first = Make(), second = Make();
        SkippingTime time = new();
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) => options with
        {
            Certificate = folder.Write("both.pem", PemOf(first)),
            Session = options.Session with { TimeProvider = time },
        });
        File.WriteAllBytes(daemon["both.pem"], PemOf(second));
        time.FireTimers();
        string hash = second.GetCertHashString(HashAlgorithmName.SHA256);
        await Patience.Until(() => LocalDaemon.Find(daemon["state"])!.Certificate == hash);
        using DaemonClient client = new(daemon.Server.Urls[0], daemon.Server.Token, hash);
        Assert.Empty(await client.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_is_reported_and_nothing_is_left_running()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        string file = folder.Write("bad.pem", "no certificate"u8);
        DaemonOptions options = TestDaemon.OptionsIn(folder) with { Certificate = file };
        FreshetException e = await Assert.ThrowsAsync<FreshetException>(
            () => DaemonServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        await using DaemonServer daemon = await DaemonServer.StartAsync(
            options with { Certificate = null }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_whole_chain_of_the_file_is_served()
    {
        using RSA rootKey = RSA.Create(2048), middleKey = RSA.Create(2048), leafKey = RSA.Create(2048);
        (DateTimeOffset from, DateTimeOffset to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 root = RequestOf("root", rootKey, isAuthority: true).CreateSelfSigned(from, to);
        using X509Certificate2 middle = RequestOf("middle", middleKey, isAuthority: true).Create(root, from, to, [1]);
        using X509Certificate2 middleWithKey = middle.CopyWithPrivateKey(middleKey);
        using X509Certificate2 leaf = RequestOf("localhost", leafKey, isAuthority: false).Create(middleWithKey, from, to, [2]);
        string file = leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n" + leafKey.ExportPkcs8PrivateKeyPem() + "\n";
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) =>
            options with { Certificate = folder.Write("full.pem", Encoding.ASCII.GetBytes(file)) });

        // A client that knows only the root, and fetches nothing.
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        using HttpClient client = new(handler) { BaseAddress = daemon.Server.Urls[0] };
        using HttpResponseMessage answer = await TestDaemon.SendAsync(client, HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static CertificateRequest RequestOf(string name, RSA key, bool isAuthority)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static DaemonOptions WithCertificate(
        DaemonOptions options, TemporaryFolder folder, X509Certificate2 certificate, bool isKeyApart)
    {
        string chain = certificate.ExportCertificatePem() + "\n";
        string key = certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";
        return isKeyApart
            ? options with
            {
                Certificate = folder.Write("certificate.pem", Encoding.ASCII.GetBytes(chain)),
                CertificateKey = folder.Write("key.pem", Encoding.ASCII.GetBytes(key)),
            }
            : options with { Certificate = folder.Write("both.pem", Encoding.ASCII.GetBytes(chain + key)) };
    }

    private static byte[] PemOf(X509Certificate2 certificate) => Encoding.ASCII.GetBytes(
        certificate.ExportCertificatePem() + "\n" + certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");

    private static X509Certificate2 Make()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>The system's time, in which timers of a minute or more can be made to fire at once.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private readonly ConcurrentQueue<ITimer> _slow = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (period == TimeSpan.FromMinutes(1))
                _slow.Enqueue(timer);
            return timer;
        }

        public void FireTimers()
        {
            foreach (ITimer timer in _slow)
                timer.Change(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        }
    }
}
