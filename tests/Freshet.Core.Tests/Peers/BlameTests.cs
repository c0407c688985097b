using System.Net;
using Freshet.Core.Peers;

using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Peers;

public class BlameTests
{
    private const int Blocks = 4;
    private readonly Blame _blame = new();

    public BlameTests()
    {
        for (int i = 1; i <= 30; i++)
            _blame.OnConnected(new PeerKey(i), Sender(Address(i)));
    }

    [Fact]
    public void A_single_sender_is_proven_bad() => Assert.Equal([Address(1)], Fail(0, "xxxx", 1, 1, 1, 1));

    [Fact]
    public void A_proof_reaches_a_peer_that_is_gone()
    {
        _blame.OnGone(new PeerKey(1));
        Assert.Equal([Address(1)], Fail(0, "xxxx", 1, 1, 1, 1));
    }

    [Fact]
    public void Several_senders_are_suspects_until_a_piece_of_their_own_is_good()
    {
        Assert.Empty(Fail(0, "axcd", 1, 2, 1, 2));
        Assert.True(_blame.IsSuspect(OriginOf(1)));
        Assert.True(_blame.IsSuspect(OriginOf(2)));
        Assert.False(_blame.IsSuspect(OriginOf(3)));
        Assert.Empty(Verify(1, null, 1, 1, 1, 1));
        Assert.False(_blame.IsSuspect(OriginOf(1)));
        Assert.Equal([Address(2)], Fail(2, "xxxx", 2, 2, 2, 2));
    }

    [Fact]
    public void Suspicion_outlives_the_connection()
    {
        Fail(0, "axcd", 1, 2, 1, 2);
        _blame.OnGone(new PeerKey(1));
        Assert.True(_blame.IsSuspect(OriginOf(1)));
    }

    [Fact]
    public void When_the_piece_is_good_exactly_those_whose_blocks_differ_are_guilty_and_the_others_cleared()
    {
        Assert.Empty(Fail(0, "axcy", 1, 2, 3, 4));
        Assert.All([1, 2, 3, 4], number => Assert.True(_blame.IsSuspect(OriginOf(number))));
        Assert.True(_blame.IsUndecided);
        Assert.Equal([Address(2), Address(4)], Verify(0, "abcd", 5, 5, 5, 5).OrderBy(peer => peer.ToString()));
        Assert.False(_blame.IsSuspect(OriginOf(1)));
        Assert.False(_blame.IsSuspect(OriginOf(3)));
        Assert.False(_blame.IsUndecided);
    }

    [Fact]
    public void All_attempts_at_a_piece_are_evidence()
    {
        Assert.Empty(Fail(0, "xbcd", 1, 2, 2, 2));
        Assert.Empty(Fail(0, "aycd", 2, 3, 2, 2));
        Assert.Equal([Address(1), Address(3)], Verify(0, "abcd", 2, 2, 2, 2).OrderBy(peer => peer.ToString()));
    }

    [Fact]
    public void A_peer_that_sends_two_versions_of_a_block_is_guilty_before_the_piece_is_good()
    {
        Assert.Empty(Fail(0, "xbcd", 1, 2, 2, 2));
        Assert.Equal([Address(1)], Fail(0, "ybcd", 1, 2, 2, 2));
    }

    [Fact]
    public void Without_block_hashes_nobody_is_proven_bad_by_a_shared_piece()
    {
        Assert.Empty(Fail(0, null, 1, 2, 1, 2));
        Assert.True(_blame.IsSuspect(OriginOf(1)));
        Assert.Empty(Verify(0, "abcd", 3, 3, 3, 3));
        Assert.Empty(Fail(1, "axcd", 1, 2, 1, 2));
        Assert.Empty(Verify(1, null, 3, 3, 3, 3));
        Assert.Equal(0, _blame.BlocksInEvidence);
    }

    [Fact]
    public void A_peer_that_reconnects_is_the_same_peer()
    {
        Fail(0, "xbcd", 1, 2, 2, 2);
        _blame.OnGone(new PeerKey(1));
        _blame.OnConnected(new PeerKey(50), Sender(new IPEndPoint(Address(1).Address, 9_999)));
        Assert.True(_blame.IsSuspect(Origin.Of(new IPEndPoint(Address(1).Address, 9_999))));
        Assert.Single(Fail(0, "ybcd", 50, 2, 2, 2));
    }

    [Fact]
    public void A_web_seed_is_blamed_like_a_peer()
    {
        Origin host = Origin.OfHost("Mirror.Example");
        _blame.OnConnected(new PeerKey(60), new BlockSender(host, null));
        Assert.Equal([null], Fail(0, "xxxx", 60, 60, 60, 60));
        Fail(1, "axcd", 60, 1, 60, 1);
        Assert.True(_blame.IsSuspect(Origin.OfHost("mirror.example")));
        Assert.False(_blame.IsSuspect(Origin.OfHost("other.example")));
    }

    [Fact]
    public void Blocks_of_unknown_senders_prove_nothing()
    {
        Assert.Empty(Fail(0, "xxcd", 1, 1, -1, -1));
        Assert.Empty(Fail(1, "xxxx", -1, -1, -1, -1));
        Assert.Equal([Address(1)], Verify(0, "abcd", 3, 3, 3, 3));
    }

    [Fact]
    public void Evidence_does_not_grow_without_bound()
    {
        for (int piece = 0; piece < PeerLimits.MaxBlocksInEvidence; piece++)
        {
            Fail(piece, "axcd", 1, 2, 3, 4);
            Assert.InRange(_blame.BlocksInEvidence, 1, PeerLimits.MaxBlocksInEvidence);
        }

        // The oldest is forgotten, but not the newest.
        Assert.Empty(Verify(0, "abcd", 5, 5, 5, 5));
        Assert.Equal([Address(2)], Verify(PeerLimits.MaxBlocksInEvidence - 1, "abcd", 5, 5, 5, 5));
    }

    private static IPEndPoint Address(int number) => new(new IPAddress([10, 0, 0, (byte)number]), 6881);

    // Each letter stands for a block's hash.
    private static PieceVerdict Verdict(int piece, bool isGood, string? blocks) => new(
        new PieceIndex(piece), isGood, blocks is null ? default : [.. blocks.Select(letter => new Bytes20(default, letter))]);

    private static PeerKey[] Keys(int[] senders)
    {
        Assert.Equal(Blocks, senders.Length);
        return [.. senders.Select(sender => new PeerKey(sender))];
    }

    private static BlockSender Sender(IPEndPoint address) => new(Origin.Of(address), address);

    private static Origin OriginOf(int number) => Origin.Of(Address(number));

    private IEnumerable<IPEndPoint> Fail(int piece, string? blocks, params int[] senders) =>
        _blame.OnFailed(Verdict(piece, isGood: false, blocks), Keys(senders)).Select(static sender => sender.EndPoint!);

    private IEnumerable<IPEndPoint> Verify(int piece, string? blocks, params int[] senders) =>
        _blame.OnVerified(Verdict(piece, isGood: true, blocks), Keys(senders)).Select(static sender => sender.EndPoint!);
}
