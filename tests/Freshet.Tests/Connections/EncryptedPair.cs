using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Tests.Connections;

/// <summary>Two ends of a connection on which everything is RC4.</summary>
internal static class EncryptedPair
{
    public static async Task<(ITransport Near, ITransport Far)> EncryptAsync(LoopbackPair pair)
    {
        MseInitiator initiator = new(KeyAgreements.NewSecrets(), FakeSession.Torrent, CryptoMethods.Rc4, default);
        MseResponder responder = new(KeyAgreements.NewSecrets(), CryptoMethods.Rc4, CryptoMethods.Rc4);
        EncryptionNegotiator negotiator = new(new KeyAgreements());
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<(ITransport? Transport, string? Failure)> near = negotiator.RunAsync(pair.Near, initiator, find: null, token);
        Task<(ITransport? Transport, string? Failure)> far = negotiator.RunAsync(
            pair.Far, responder, _ => ValueTask.FromResult<InfoHash?>(FakeSession.Torrent), token);
        return ((await near.Bounded()).Transport!, (await far.Bounded()).Transport!);
    }
}
