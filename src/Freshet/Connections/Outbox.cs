using System.Buffers;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>
/// What is queued for a peer: encoded control messages, and blocks as ranges that are read only when they are sent, so that they can be
/// cancelled until then. Control messages go first; each kind keeps its order. Both kinds are bounded.
/// </summary>
internal sealed class Outbox
{
    private const int SmallBuffer = 1024;

    private readonly Lock _lock = new();
    private readonly List<BlockRange> _blocks = [];
    private byte[]? _control;
    private int _controlLength;

    /// <summary>Whether nothing is queued.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _controlLength == 0 && _blocks.Count == 0;
        }
    }

    /// <summary>Adds a control message; false if so much is queued that the peer cannot be reading.</summary>
    public bool TryAdd(in PeerMessage message)
    {
        int length = PeerMessageWriter.Length(message);
        lock (_lock)
        {
            if (_controlLength + length > ConnectionLimits.MaxOutboxBytes)
                return false;
            if (_control is null || _control.Length - _controlLength < length)
                Grow(_controlLength + length);
            PeerMessageWriter.Write(_control.AsSpan(_controlLength), message);
            _controlLength += length;
            return true;
        }
    }

    /// <summary>Adds a block; false if <see cref="Limits.MaxQueuedUploads"/> are queued already.</summary>
    public bool TryAdd(BlockRange block)
    {
        lock (_lock)
        {
            if (_blocks.Count == Limits.MaxQueuedUploads)
                return false;
            _blocks.Add(block);
            return true;
        }
    }

    /// <summary>Cancels a block; false if it is not, or no longer, queued.</summary>
    public bool Cancel(BlockRange block)
    {
        lock (_lock)
            return _blocks.Remove(block);
    }

    /// <summary>Cancels all blocks, and adds them to a list.</summary>
    public void CancelAll(List<BlockRange> cancelled)
    {
        lock (_lock)
        {
            cancelled.AddRange(_blocks);
            _blocks.Clear();
        }
    }

    /// <summary>The length of the messages of the first blocks, as many as fit but at least one; 0 if none is queued.</summary>
    public int PeekBlocks(int maxBytes)
    {
        lock (_lock)
            return Measure(maxBytes).Bytes;
    }

    /// <summary>Takes the first blocks, as <see cref="PeekBlocks"/> counts them.</summary>
    public void TakeBlocks(int maxBytes, List<BlockRange> taken)
    {
        lock (_lock)
        {
            int count = Measure(maxBytes).Count;
            for (int i = 0; i < count; i++)
                taken.Add(_blocks[i]);
            _blocks.RemoveRange(0, count);
        }
    }

    /// <summary>Whether control messages are queued.</summary>
    public bool HasControl
    {
        get
        {
            lock (_lock)
                return _controlLength > 0;
        }
    }

    /// <summary>Takes the buffer of control messages, to be returned with <see cref="Recycle"/>; null if none is queued.</summary>
    public byte[]? TakeControl(out int length)
    {
        lock (_lock)
        {
            length = _controlLength;
            if (length == 0)
                return null;
            byte[]? control = _control;
            _control = null;
            _controlLength = 0;
            return control;
        }
    }

    /// <summary>Returns an emptied buffer: a small one is used again, a large one goes to the pool.</summary>
    public void Recycle(byte[] control)
    {
        lock (_lock)
        {
            if (_control is null && control.Length <= SmallBuffer)
                _control = control;
            else
                ArrayPool<byte>.Shared.Return(control);
        }
    }

    /// <summary>Discards everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_control is not null)
                ArrayPool<byte>.Shared.Return(_control);
            _control = null;
            _controlLength = 0;
            _blocks.Clear();
        }
    }

    private (int Count, int Bytes) Measure(int maxBytes)
    {
        int bytes = 0;
        for (int i = 0; i < _blocks.Count; i++)
        {
            int next = PeerMessageReader.PieceHeaderLength + _blocks[i].Length;
            if (i > 0 && bytes + next > maxBytes)
                return (i, bytes);
            bytes += next;
        }

        return (_blocks.Count, bytes);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_control))]
    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 256));
        _control.AsSpan(0, _controlLength).CopyTo(larger);
        if (_control is not null)
            ArrayPool<byte>.Shared.Return(_control);
        _control = larger;
    }
}
