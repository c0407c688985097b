using Freshet.Core;
using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>
/// Messages on their way from a connection's read loop to its torrent's loop, double-buffered: one half fills while the other is handled. A
/// half never holds more than <see cref="Limits.MaxMessagesPerBatch"/> messages, nor more than <see cref="ConnectionLimits.MaxInboxBytes"/>
/// of payload (not counting blocks, which are in the pool); the read loop waits for room.
/// </summary>
internal sealed class Inbox
{
    private const int FirstSize = 8;

    private readonly Lock _lock = new();
    private PeerMessage[] _filling = new PeerMessage[FirstSize];
    private PeerMessage[] _handled = new PeerMessage[FirstSize];
    private int _count;
    private int _bytes;
    private int _taken;
    private bool _isWaitedFor;

    /// <summary>Whether a message with a payload of this length could be added; checked before the payload is copied.</summary>
    public bool HasRoomFor(int payloadLength)
    {
        lock (_lock)
            return HasRoom(payloadLength);
    }

    /// <summary>Adds a message; false if there is no room, in which case <see cref="Take"/> reports when there is.</summary>
    public bool TryAdd(in PeerMessage message)
    {
        lock (_lock)
        {
            if (!HasRoom(message.Payload.Length))
                return false;
            _bytes += message.Payload.Length;

            if (_count == _filling.Length)
                Array.Resize(ref _filling, Math.Min(_count * 4, Limits.MaxMessagesPerBatch));
            _filling[_count++] = message;
            return true;
        }
    }

    /// <summary>Takes all messages, to be handled before the next call.</summary>
    /// <param name="makesRoom">Whether the read loop was out of room and now has some.</param>
    public ReadOnlySpan<PeerMessage> Take(out bool makesRoom)
    {
        lock (_lock)
        {
            makesRoom = _isWaitedFor;
            _isWaitedFor = false;

            // Do not keep payloads of handled messages alive.
            _handled.AsSpan(0, _taken).Clear();
            (_filling, _handled) = (_handled, _filling);
            _taken = _count;
            _count = 0;
            _bytes = 0;
            return _handled.AsSpan(0, _taken);
        }
    }

    // A single message always has room: its length has its own limit.
    private bool HasRoom(int payloadLength)
    {
        bool hasRoom = _count == 0
            || (_count < Limits.MaxMessagesPerBatch && (payloadLength == 0 || _bytes + payloadLength <= ConnectionLimits.MaxInboxBytes));
        _isWaitedFor |= !hasRoom;
        return hasRoom;
    }
}
