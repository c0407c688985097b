using System.Buffers;
using System.Runtime.CompilerServices;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Connections;

/// <summary>
/// A transport after an encrypted handshake. Received bytes are decrypted in place, on the thread that received them; sent bytes are
/// encrypted into a buffer that is held only during the send. If the payload is plaintext, bytes pass unchanged after the initial payload.
/// </summary>
internal sealed class EncryptedTransport : LayeredTransport
{
    private readonly Rc4 _incoming;
    private readonly Rc4? _outgoing;
    private ReadOnlyMemory<byte> _unread;
    private long _stillEnciphered;

    /// <param name="below">The transport of the handshake.</param>
    /// <param name="handshake">The completed handshake, which is not needed afterwards.</param>
    public EncryptedTransport(ITransport below, MseHandshake handshake)
        : base(below)
    {
        bool isRc4 = handshake.Selected == CryptoMethods.Rc4;
        Way = below.Way with { Encryption = isRc4 ? PeerEncryption.Full : PeerEncryption.Handshake };
        _incoming = handshake.Incoming;
        _outgoing = isRc4 ? handshake.Outgoing : null;
        _unread = handshake.Unread.ToArray();
        _stillEnciphered = handshake.StillEnciphered;
    }

    public override PeerWay Way { get; }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (!_unread.IsEmpty)
        {
            // An empty buffer asks whether there is anything to receive: there is.
            int length = Math.Min(buffer.Length, _unread.Length);
            _unread[..length].CopyTo(buffer);
            _unread = _unread.Length == length ? default : _unread[length..];
            return ValueTask.FromResult(length);
        }

        if (_stillEnciphered == 0 || buffer.IsEmpty)
            return base.ReceiveAsync(buffer);
        ValueTask<int> receive = base.ReceiveAsync(buffer);
        return receive.IsCompletedSuccessfully ? ValueTask.FromResult(Decipher(buffer, receive.Result)) : DecipherAsync(receive, buffer);
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) =>
        _outgoing is { } cipher ? EncipherAsync(cipher, buffer) : base.SendAsync(buffer);

    // Waiting does not allocate either: the state machines of these two methods are pooled.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> DecipherAsync(ValueTask<int> receive, Memory<byte> buffer) =>
        Decipher(buffer, await receive.ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> EncipherAsync(Rc4 cipher, ReadOnlyMemory<byte> buffer)
    {
        int length = Math.Min(buffer.Length, ConnectionLimits.EncipheredPortion);
        byte[] enciphered = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            cipher.Apply(buffer.Span[..length], enciphered);

            // Everything must be sent: the cipher cannot be rewound.
            for (int sent = 0; sent < length;)
                sent += await base.SendAsync(enciphered.AsMemory(sent, length - sent)).ConfigureAwait(false);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(enciphered);
        }
    }

    private int Decipher(Memory<byte> buffer, int received)
    {
        int count = (int)Math.Min(received, _stillEnciphered);
        _incoming.Apply(buffer.Span[..count]);
        if (_stillEnciphered != long.MaxValue)
            _stillEnciphered -= count;
        return received;
    }
}
