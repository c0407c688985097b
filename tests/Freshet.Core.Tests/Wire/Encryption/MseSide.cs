using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Tests.Wire.Encryption;

/// <summary>
/// Runs one side of a handshake over bytes: what it sends is in <see cref="Sent"/>, and the test gives it the torrents that it may find.
/// Its keys are short, so that thousands of handshakes are quick.
/// </summary>
internal sealed class MseSide(MseHandshake handshake, params InfoHash[] torrents)
{
    public static readonly InfoHash Torrent = new(Enumerable.Repeat((byte)7, 20).ToArray());

    private long _stillEnciphered = -1;

    public MseHandshake Handshake => handshake;

    public List<byte> Sent { get; } = [];

    /// <summary>The bytes of the stream that have arrived so far.</summary>
    public List<byte> Stream { get; } = [];

    public static MseSecrets Secrets(int first = 0, int second = 0, int seed = 1)
    {
        byte[] pad = new byte[first];
        new Random(seed).NextBytes(pad);
        return new MseSecrets([(byte)(3 + seed), 0x5b, (byte)seed], pad, second);
    }

    public static MseSide Initiator(
        MseSecrets? secrets = null, CryptoMethods provided = CryptoMethods.Plain | CryptoMethods.Rc4, byte[]? payload = null) =>
        new(new MseInitiator(secrets ?? Secrets(), Torrent, provided, payload));

    public static MseSide Responder(
        MseSecrets? secrets = null,
        CryptoMethods accepted = CryptoMethods.Plain | CryptoMethods.Rc4,
        CryptoMethods preferred = CryptoMethods.Rc4) => new(new MseResponder(secrets ?? Secrets(seed: 2), accepted, preferred), Torrent);

    /// <summary>Lets two sides talk until neither has anything to send.</summary>
    public static void Talk(MseSide a, MseSide b)
    {
        int fromA = 0;
        int fromB = 0;
        do
        {
            a.Run();
            b.Give(a.Sent.Skip(fromA));
            fromA = a.Sent.Count;
            a.Give(b.Sent.Skip(fromB));
            fromB = b.Sent.Count;
        }
        while (fromA < a.Sent.Count || fromB < b.Sent.Count);
    }

    /// <summary>Gives it bytes, in portions of at most this length.</summary>
    public void Give(IEnumerable<byte> bytes, int portion = int.MaxValue)
    {
        byte[] all = [.. bytes];
        int at = 0;
        Run();
        while (at < all.Length && handshake.Next == MseStep.Receive)
        {
            int count = Math.Min(Math.Min(portion, all.Length - at), handshake.Room.Length);
            all.AsSpan(at, count).CopyTo(handshake.Room.Span);
            at += count;
            handshake.OnReceived(count);
            Run();
        }

        if (handshake.Next == MseStep.Done)
            GoOn(all.AsSpan(at).ToArray());
    }

    /// <summary>Does everything that it can without more input.</summary>
    public void Run()
    {
        while (true)
        {
            switch (handshake.Next)
            {
                case MseStep.Agree:
                    handshake.Agree();
                    break;
                case MseStep.Send:
                    Sent.AddRange(handshake.Output.ToArray());
                    handshake.OnSent();
                    break;
                case MseStep.Find:
                    MseResponder responder = (MseResponder)handshake;
                    responder.OnFound(torrents.Cast<InfoHash?>().FirstOrDefault(t => MseHash.OfTorrent(t!.Value) == responder.Wanted));
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Encrypts what this side sends once the handshake is done.</summary>
    public byte[] Say(byte[] text)
    {
        byte[] bytes = [.. text];
        if (handshake.Selected == CryptoMethods.Rc4)
            handshake.Outgoing.Apply(bytes);
        return bytes;
    }

    private void GoOn(byte[] bytes)
    {
        if (_stillEnciphered < 0)
        {
            Stream.AddRange(handshake.Unread.ToArray());
            _stillEnciphered = handshake.StillEnciphered;
        }

        int count = (int)Math.Min(_stillEnciphered, bytes.Length);
        handshake.Incoming.Apply(bytes.AsSpan(0, count));
        _stillEnciphered -= count;
        Stream.AddRange(bytes);
    }
}
