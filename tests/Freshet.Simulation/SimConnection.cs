using System.Net;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Simulation;

/// <summary>
/// A connection with its framing: bytes in and messages out by the engine's own reader, messages in and bytes out by its writer.
/// Blocks are read when the socket can take them, after all messages that wait.
/// </summary>
internal sealed class SimConnection : ISimSocketOwner
{
    private static readonly ExtensionTable Extensions = ExtensionTable.Of(
        [ExtensionRows.Metadata, ExtensionRows.PeerExchange, ExtensionRows.LostPieces, ExtensionRows.UploadOnly], isPrivate: false);

    private readonly SimClock _clock;
    private readonly SimSocket _socket;
    private readonly ISimConnectionOwner _owner;
    private readonly SimPool? _pool;
    private readonly PeerMessageLimits _limits;
    private readonly Queue<byte[]> _messages = new();
    private readonly List<BlockRange> _blocks = [];
    private readonly List<PeerMessage> _batch = [];
    private readonly PauseMeter _heldUp = new();
    private byte[] _received = [];
    private bool _isPumping;

    /// <param name="clock">The clock of the swarm.</param>
    /// <param name="socket">The local end.</param>
    /// <param name="owner">Receives the events.</param>
    /// <param name="layout">The layout of the torrent.</param>
    /// <param name="pool">The pool for received blocks; null if they are dropped.</param>
    public SimConnection(SimClock clock, SimSocket socket, ISimConnectionOwner owner, PieceLayout layout, SimPool? pool)
    {
        _clock = clock;
        _socket = socket;
        _owner = owner;
        _pool = pool;
        _limits = PeerMessageLimits.For(layout) with { Extensions = Extensions };
        socket.Owner = this;
    }

    public PeerKey Key { get; init; }

    public bool IsOutgoing { get; init; }

    /// <summary>
    /// Whether what came after the handshake waits until <see cref="Release"/>, because it is not decided yet whether the connection is
    /// kept.
    /// </summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether the other side's handshake has arrived.</summary>
    public bool IsShaken { get; private set; }

    public IPEndPoint Remote => _socket.Remote;

    public bool IsClosed => _socket.IsClosed;

    /// <summary>The connection is kept, and what has arrived is read.</summary>
    public void Release()
    {
        if (!IsHeld)
            return;
        IsHeld = false;
        _clock.After(default, Read);
    }

    /// <summary>Blocks that wait to be sent.</summary>
    public int QueuedBlocks => _blocks.Count;

    /// <summary>How long it did not read for lack of memory.</summary>
    public TimeSpan HeldUp(Timestamp now) => _heldUp.TotalAt(now);

    public void Send(Handshake handshake)
    {
        byte[] bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        SendRaw(bytes);
    }

    public void Send(in PeerMessage message)
    {
        byte[] bytes = new byte[PeerMessageWriter.Length(message)];
        PeerMessageWriter.Write(bytes, message);
        SendRaw(bytes);
    }

    /// <summary>Sends any bytes, whether they are messages or not.</summary>
    public void SendRaw(byte[] bytes)
    {
        _messages.Enqueue(bytes);
        PumpSoon();
    }

    public void SendBlock(BlockRange block)
    {
        _blocks.Add(block);
        if (_blocks.Count > Limits.MaxQueuedUploads)
            throw new SimFailureException($"{_blocks.Count} blocks wait for one peer");
        PumpSoon();
    }

    public bool CancelBlock(BlockRange block) => _blocks.Remove(block);

    public void CancelBlocks(List<BlockRange> cancelled)
    {
        cancelled.AddRange(_blocks);
        _blocks.Clear();
    }

    /// <summary>The message that contains a block.</summary>
    public static byte[] BlockMessage(BlockRange block, ReadOnlySpan<byte> bytes)
    {
        byte[] message = new byte[PeerMessageReader.PieceHeaderLength + bytes.Length];
        PeerMessageWriter.WritePieceHeader(message, block);
        bytes.CopyTo(message.AsSpan(PeerMessageReader.PieceHeaderLength));
        return message;
    }

    /// <summary>Closes once everything that waits was sent.</summary>
    public void Close()
    {
        while (_messages.TryDequeue(out byte[]? bytes))
            _socket.Send(bytes);
        _blocks.Clear();
        _socket.Close();
    }

    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        _received = [.. _received, .. bytes];
        Read();
    }

    public void OnWritable() => Pump();

    public void OnClosed() => _owner.OnClosed(this, FrameFault.None);

    private void PumpSoon()
    {
        if (_isPumping)
            return;
        _isPumping = true;
        _clock.After(default, () =>
        {
            _isPumping = false;
            Pump();
        });
    }

    private void Pump()
    {
        while (_socket.IsWritable)
        {
            if (_messages.TryDequeue(out byte[]? bytes))
            {
                _socket.Send(bytes);
                continue;
            }

            if (_blocks.Count == 0)
                return;
            BlockRange block = _blocks[0];
            _blocks.RemoveAt(0);
            if (_owner.Read(block) is not { } content)
            {
                _owner.OnBlockFailed(this, block);
                continue;
            }

            _socket.Send(BlockMessage(block, content));
            _owner.OnBlockSent(this, block);
        }
    }

    private void Read()
    {
        int at = 0;
        FrameFault fault = FrameFault.None;
        if (!IsShaken && !IsClosed)
            at = ReadHandshake(ref fault);
        _batch.Clear();
        while (IsShaken && !IsHeld && !IsClosed && fault == FrameFault.None && _batch.Count < Limits.MaxMessagesPerBatch)
        {
            FrameResult result = PeerMessageReader.TryRead(_received.AsSpan(at), _limits, out PeerFrame frame);
            fault = result.Fault;
            if (result.Status != FrameStatus.Done || !TryKeep(frame))
                break;
            at += result.Length;
        }

        bool mayHoldMore = _batch.Count == Limits.MaxMessagesPerBatch;
        _received = _received[at..];
        if (_batch.Count > 0)
            _owner.OnMessages(this, [.. _batch]);
        if (mayHoldMore && !IsClosed)
            _clock.After(default, Read);
        if (fault == FrameFault.None || IsClosed)
            return;
        Close();
        _owner.OnClosed(this, fault);
    }

    private int ReadHandshake(ref FrameFault fault)
    {
        if (_received.Length < Handshake.Length)
            return 0;
        if (!Handshake.TryRead(_received, out Handshake handshake))
        {
            fault = FrameFault.WrongLength;
            return 0;
        }

        IsShaken = true;
        _owner.OnHandshake(this, handshake);
        return Handshake.Length;
    }

    // Returns false if there is no memory for a block; reading continues when there is.
    private bool TryKeep(in PeerFrame frame)
    {
        if (frame.Id == MessageId.Unknown)
            return true;
        if (frame.Id != MessageId.Piece)
        {
            _batch.Add(frame.ToMessage());
            return true;
        }

        BlockLease lease = BlockLease.None;
        if (_pool is not null)
        {
            if (!_pool.TryRent(Read, out lease))
            {
                _heldUp.Begin(_clock.Now);
                return false;
            }

            _heldUp.End(_clock.Now);
            frame.Payload.CopyTo(_pool.BytesOf(lease));
        }

        _batch.Add(PeerMessage.Block(frame.Range, lease));
        return true;
    }
}
