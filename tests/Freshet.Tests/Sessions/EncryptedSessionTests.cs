using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

public sealed class EncryptedSessionTests : IDisposable
{
    private static readonly EncryptionOptions Required = new()
    {
        Incoming = EncryptionPolicy.Required,
        Outgoing = EncryptionPolicy.Required,
        Payload = EncryptedPayload.Rc4Required,
    };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_that_requires_encryption_is_found_by_one_that_allows_it_and_both_report_the_encryption()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 500_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed", Required);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await seeded.Completion.Bounded();
        await using Session leech = await StartAsync("leech", new EncryptionOptions());
        TorrentOptions options = new() { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new(200_000) };
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), options, Token);
        await Patience.Until(() => torrent.Peers.Length == 1 && seeded.Peers.Length == 1);
        foreach (PeerStatus peer in (PeerStatus[])[.. torrent.Peers, .. seeded.Peers])
            Assert.Equal((PeerTransport.Tcp, PeerEncryption.Full), (peer.Transport, peer.Encryption));
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["leech"]);
    }

    private Task<Session> StartAsync(string folder, EncryptionOptions encryption) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
            Encryption = encryption,
        },
        Token);
}
