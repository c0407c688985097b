using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Peers;

public class BlameTests
{
    private readonly Blame _blame = new();

    public BlameTests()
    {
        for (int i = 1; i <= 30; i++)
            _blame.OnConnected(new PeerKey(i), Address(i));
    }

    [Fact]
    public void One_sender_is_proven_bad() => Assert.Equal([Address(1)], _blame.OnFailed([new PeerKey(1)]));

    [Fact]
    public void A_proof_reaches_a_peer_that_is_gone()
    {
        _blame.OnGone(new PeerKey(1));
        Assert.Equal([Address(1)], _blame.OnFailed([new PeerKey(1)]));
    }

    [Fact]
    public void Several_are_suspects_until_a_piece_of_their_own_is_good()
    {
        Assert.Empty(_blame.OnFailed([new PeerKey(1), new PeerKey(2)]));
        Assert.True(_blame.IsSuspect(Address(1)));
        Assert.True(_blame.IsSuspect(Address(2)));
        Assert.False(_blame.IsSuspect(Address(3)));
        _blame.OnVerified([new PeerKey(1)]);
        Assert.False(_blame.IsSuspect(Address(1)));
        Assert.Equal([Address(2)], _blame.OnFailed([new PeerKey(2)]));
    }

    [Fact]
    public void Suspicion_outlives_the_connection()
    {
        _blame.OnFailed([new PeerKey(1), new PeerKey(2)]);
        _blame.OnGone(new PeerKey(1));
        Assert.True(_blame.IsSuspect(Address(1)));
    }

    [Fact]
    public void Who_lies_in_company_alone_is_caught_by_count_and_the_company_is_not()
    {
        // Peer 1 spoils one shared piece after the other, each with another peer, who also has its share in good pieces.
        List<IPEndPoint> guilty = [];
        int pieces = 0;
        for (int other = 2; guilty.Count == 0; other = other == 30 ? 2 : other + 1)
        {
            guilty.AddRange(_blame.OnFailed([new PeerKey(1), new PeerKey(other)]));
            _blame.OnVerified([new PeerKey(other), new PeerKey(other == 30 ? 2 : other + 1)]);
            Assert.True(++pieces < 20);
        }

        Assert.Equal([Address(1)], guilty);
    }

    [Fact]
    public void Blocks_of_unknown_senders_prove_nothing()
    {
        Assert.Empty(_blame.OnFailed([new PeerKey(1), new PeerKey(-1)]));
        Assert.Empty(_blame.OnFailed([new PeerKey(-1)]));
    }

    private static IPEndPoint Address(int number) => new(new IPAddress([10, 0, 0, (byte)number]), 6881);
}
