using System.Net;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Dials a peer, says that it has nothing and wants everything, and from then on requests every block of the torrent again and again,
/// whether it is allowed to or not. It uploads nothing.
/// </summary>
internal sealed class FloodingPeer : ISimConnectionOwner
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private const int AtOnce = 500;

    private readonly SimSwarm _swarm;
    private readonly SimHost _host;
    private readonly IPEndPoint _target;
    private int _keys;
    private int _next;

    public FloodingPeer(SimSwarm swarm, SimHost host, IPEndPoint target)
    {
        _swarm = swarm;
        _host = host;
        _target = target;
        Dial();
    }

    /// <summary>The number of its requests.</summary>
    public long Requests { get; private set; }

    public void OnHandshake(SimConnection connection, Handshake handshake)
    {
        connection.Send(PeerMessage.HaveNone);
        connection.Send(PeerMessage.Interested);
        Flood(connection);
    }

    public void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch)
    {
    }

    public byte[]? Read(BlockRange block) => null;

    public void OnBlockSent(SimConnection connection, BlockRange block)
    {
    }

    public void OnBlockFailed(SimConnection connection, BlockRange block)
    {
    }

    public void OnClosed(SimConnection connection, FrameFault fault) => _swarm.Clock.After(TimeSpan.FromSeconds(1), Dial);

    private void Dial() => _swarm.Network.Dial(_host, _target, socket =>
    {
        if (socket is null)
            return;
        SimConnection connection = new(_swarm.Clock, socket, this, _swarm.Content.Layout, pool: null)
        {
            Key = new PeerKey(++_keys),
            IsOutgoing = true,
        };
        connection.Send(new Handshake(ReservedBits.Ours, _swarm.Content.Metainfo.SwarmHash, PeerIds.Create(_swarm.NewRandom())));
    });

    private void Flood(SimConnection connection) => _swarm.Clock.After(Period, () =>
    {
        if (connection.IsClosed)
            return;
        PieceLayout layout = _swarm.Content.Layout;
        for (int i = 0; i < AtOnce; i++, Requests++)
        {
            int block = _next++;
            PieceIndex piece = new(block / layout.BlocksPerPiece % layout.PieceCount);
            int offset = block % layout.BlocksPerPiece * Limits.BlockLength;
            int length = Math.Min(Limits.BlockLength, layout.LengthOf(piece) - offset);
            if (length > 0)
                connection.Send(PeerMessage.Request(new BlockRange(piece, offset, length)));
        }

        Flood(connection);
    });
}
