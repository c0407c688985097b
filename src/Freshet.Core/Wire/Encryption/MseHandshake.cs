namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// One side of the handshake of message stream encryption (MSE/PE 1.0). It holds a fixed amount of memory whatever the other side sends,
/// and is told what it waits for: <see cref="Next"/> says who is to move. Bytes that come after the handshake, in the same read, are
/// <see cref="Unread"/>.
/// </summary>
/// <remarks>
/// A is the initiator, B the responder; pads are of 0 to 512 bytes, VC is 8 zeros:
/// <code>
/// 1 A→B: public key of A, PadA
/// 2 B→A: public key of B, PadB
/// 3 A→B: HASH('req1', S), HASH('req2', SKEY) xor HASH('req3', S), ENCRYPT(VC, crypto_provide, len(PadC), PadC, len(IA)), ENCRYPT(IA)
/// 4 B→A: ENCRYPT(VC, crypto_select, len(PadD), PadD), then the stream
/// 5 A→B: the stream
/// </code>
/// </remarks>
internal abstract class MseHandshake(MseSecrets secrets)
{
    protected const int MaxPad = WireLimits.MaxEncryptionPad;
    protected const int VerificationLength = 8;
    protected const int MethodLength = 4;
    protected const int CountLength = 2;

    private readonly byte[] _buffer = new byte[WireLimits.EncryptionBuffer];
    private byte[]? _ownKey;
    private int _consumed;
    private int _received;

    public MseStep Next { get; private protected set; }

    /// <summary>What is to be sent, while that is the next step.</summary>
    public ReadOnlyMemory<byte> Output { get; private protected set; }

    /// <summary>Where to receive, while that is the next step.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_received);

    /// <summary>How the stream goes on; when done.</summary>
    public CryptoMethods Selected { get; private protected set; }

    /// <summary>Bytes of the stream that came with the handshake, deciphered; when done.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_consumed, _received - _consumed);

    /// <summary>
    /// Bytes of the stream after <see cref="Unread"/> that are to be deciphered: all of them, or what is missing of the initial payload.
    /// </summary>
    public long StillEnciphered { get; private protected set; }

    /// <summary>Deciphers what comes; from the moment the torrent is known.</summary>
    public Rc4 Incoming { get; private protected set; } = null!;

    /// <summary>Enciphers what goes; from the moment the torrent is known.</summary>
    public Rc4 Outgoing { get; private protected set; } = null!;

    /// <summary>What went wrong, in words.</summary>
    public string? Failure { get; private set; }

    protected ReadOnlySpan<byte> Received => _buffer.AsSpan(_consumed, _received - _consumed);

    protected byte[] Secret { get; private set; } = [];

    protected MseSecrets Secrets => secrets;

    /// <summary>Bytes came; more of them may be needed.</summary>
    public void OnReceived(int count)
    {
        _received += count;
        Advance();
    }

    /// <summary>Bytes that were received before it was known what they are. They must fit into <see cref="Room"/>.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room.Span);
        OnReceived(bytes.Length);
    }

    /// <summary>All of the output was sent.</summary>
    public abstract void OnSent();

    /// <summary>Computes what the next step needs of the key agreement.</summary>
    public abstract void Agree();

    /// <summary>Looks whether what was received is enough for the next step, which is to receive.</summary>
    protected abstract void Advance();

    protected byte[] OwnKey() => _ownKey ??= DiffieHellman.PublicKeyOf(secrets.PrivateKey);

    protected byte[] OwnKeyAndPad() => [.. OwnKey(), .. secrets.FirstPad];

    /// <summary>Takes the other side's public key, which has been received; false if it is degenerate, which fails the handshake.</summary>
    protected bool TryAgree()
    {
        if (!DiffieHellman.TryAgree(secrets.PrivateKey, Received[..DiffieHellman.KeyLength], out byte[]? secret))
        {
            Fail("its public key is degenerate");
            return false;
        }

        Secret = secret;
        Consume(DiffieHellman.KeyLength);
        return true;
    }

    /// <summary>
    /// Passes over a pad of unknown length up to what must follow it, and over that; false if it is not there yet, or (which fails the
    /// handshake) cannot come any more.
    /// </summary>
    protected bool TryFind(ReadOnlySpan<byte> mark, string what)
    {
        ReadOnlySpan<byte> searched = Received[..Math.Min(Received.Length, MaxPad + mark.Length)];
        int at = searched.IndexOf(mark);
        if (at >= 0)
        {
            Consume(at + mark.Length);
            return true;
        }

        if (searched.Length == MaxPad + mark.Length)
            Fail($"{what} does not come where it should");
        return false;
    }

    /// <summary>Deciphers the next bytes, once there are so many; empty until then.</summary>
    protected ReadOnlySpan<byte> Decipher(int count)
    {
        if (Received.Length < count)
            return [];
        Span<byte> bytes = _buffer.AsSpan(_consumed, count);
        Incoming.Apply(bytes);
        Consume(count);
        return bytes;
    }

    /// <summary>Deciphers up to so many of the bytes that are unread, in place; returns how many they were.</summary>
    protected int DecipherUnread(long most)
    {
        int count = (int)Math.Min(most, _received - _consumed);
        Incoming.Apply(_buffer.AsSpan(_consumed, count));
        return count;
    }

    protected void Consume(int count) => _consumed += count;

    protected void Fail(string reason)
    {
        Failure = reason;
        Next = MseStep.Failed;
    }
}
