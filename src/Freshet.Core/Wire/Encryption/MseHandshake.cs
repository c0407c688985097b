namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// One side of the handshake of message stream encryption (MSE/PE 1.0). It uses a fixed amount of memory, whatever the other side sends.
/// <see cref="Next"/> says what it needs next from its caller. Bytes received along with the end of the handshake are <see cref="Unread"/>.
/// </summary>
/// <remarks>
/// A is the initiator, B the responder; paddings have 0 to 512 bytes, VC is 8 zeros:
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

    /// <summary>The bytes to send, while sending is the next step.</summary>
    public ReadOnlyMemory<byte> Output { get; private protected set; }

    /// <summary>Where to receive, while receiving is the next step.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_received);

    /// <summary>How the stream continues; valid when done.</summary>
    public CryptoMethods Selected { get; private protected set; }

    /// <summary>Bytes of the stream that were received with the handshake, decrypted; valid when done.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_consumed, _received - _consumed);

    /// <summary>
    /// Bytes of the stream after <see cref="Unread"/> that must be decrypted: all of them, or the rest of the initial payload.
    /// </summary>
    public long StillEnciphered { get; private protected set; }

    /// <summary>Decrypts received bytes; available once the torrent is known.</summary>
    public Rc4 Incoming { get; private protected set; } = null!;

    /// <summary>Encrypts bytes to send; available once the torrent is known.</summary>
    public Rc4 Outgoing { get; private protected set; } = null!;

    /// <summary>What went wrong, as text.</summary>
    public string? Failure { get; private set; }

    protected ReadOnlySpan<byte> Received => _buffer.AsSpan(_consumed, _received - _consumed);

    protected byte[] Secret { get; private set; } = [];

    protected MseSecrets Secrets => secrets;

    /// <summary>Bytes were received; more may be needed.</summary>
    public void OnReceived(int count)
    {
        _received += count;
        Advance();
    }

    /// <summary>Passes in bytes that were received before their kind was known. They must fit into <see cref="Room"/>.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room.Span);
        OnReceived(bytes.Length);
    }

    /// <summary>The whole output has been sent.</summary>
    public abstract void OnSent();

    /// <summary>Computes the part of the key agreement that the next step needs.</summary>
    public abstract void Agree();

    /// <summary>Checks whether enough has been received for the next step.</summary>
    protected abstract void Advance();

    protected byte[] OwnKey() => _ownKey ??= DiffieHellman.PublicKeyOf(secrets.PrivateKey);

    protected byte[] OwnKeyAndPad() => [.. OwnKey(), .. secrets.FirstPad];

    /// <summary>Processes the other side's public key; false, and the handshake fails, if the key is degenerate.</summary>
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
    /// Skips a padding of unknown length and the mark that must follow it; false if the mark has not arrived yet, or can no longer arrive,
    /// in which case the handshake fails.
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

    /// <summary>Decrypts the next bytes once enough have arrived; empty until then.</summary>
    protected ReadOnlySpan<byte> Decipher(int count)
    {
        if (Received.Length < count)
            return [];
        Span<byte> bytes = _buffer.AsSpan(_consumed, count);
        Incoming.Apply(bytes);
        Consume(count);
        return bytes;
    }

    /// <summary>Decrypts in place up to the given number of unread bytes; returns how many.</summary>
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
