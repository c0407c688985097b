using System.Text;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Tests.Dht.Items;

/// <summary>Items of BEP 44 at a node that others ask, and in searches.</summary>
public class ItemTests
{
    private static readonly NodeInfo Stranger = DhtRig.Node(1_000);
    private static readonly byte[] Secret = MakeSecret();
    private readonly DhtRig _rig = new();

    [Fact]
    public void An_immutable_item_is_returned_for_its_hash()
    {
        ItemContent item = ItemContent.Of(Value("Hello World!"));
        Assert.Equal(KrpcKind.Response, Put(item).Kind);
        KrpcMessage answer = Get(ItemContent.TargetOf(item.Value.Span));
        Assert.Equal(item.Value.Span, answer.Value);
        Assert.Equal(1, _rig.Machine.Status().StoredItems);
    }

    [Fact]
    public void A_mutable_item_is_returned_with_its_key_and_signature()
    {
        ItemContent item = Signed(4, "four", "salt");
        Assert.Equal(KrpcKind.Response, Put(item).Kind);
        KrpcMessage answer = Get(ItemContent.TargetOf(item.Key.Span, item.Salt.Span));
        Assert.Equal(4, answer.Sequence);
        Assert.True(ItemContent.IsSigned(answer.Key, "salt"u8, 4, answer.Value, answer.Signature));
    }

    [Fact]
    public void A_node_that_has_the_item_already_only_gets_its_number()
    {
        ItemContent item = Signed(4, "four");
        Put(item);
        byte[] query = Encoding.Latin1.GetBytes(
            $"d1:ad2:id20:{Text(Stranger.Id)}3:seqi4e6:target20:{Text(TargetOf(item))}e1:q3:get1:t2:aa1:y1:qe");
        _rig.Sent.Clear();
        _rig.Receive(query, Stranger.Address);
        KrpcMessage answer = DhtRig.Read(_rig.Sent[0].Datagram);
        Assert.Equal(4, answer.Sequence);
        Assert.True(answer.Value.IsEmpty);
    }

    [Fact]
    public void Without_a_token_of_its_own_nothing_is_stored()
    {
        ItemContent item = ItemContent.Of(Value("x"));
        byte[] token = TokenFor(TargetOf(item), Stranger);
        Assert.Equal(203, Send(item, "none"u8.ToArray()).ErrorCode);
        Assert.Equal(203, Send(item, token, sender: DhtRig.Node(8)).ErrorCode);
        Assert.Equal(203, Send(ItemContent.Of(Value("y")), token).ErrorCode);
        Assert.Equal(0, _rig.Machine.Status().StoredItems);
    }

    [Fact]
    public void A_sequence_rollback_is_refused()
    {
        Put(Signed(5, "five"));
        Assert.Equal(302, Put(Signed(4, "four")).ErrorCode);
        Assert.Equal(302, Put(Signed(5, "another five")).ErrorCode);
        Assert.Equal(KrpcKind.Response, Put(Signed(5, "five")).Kind);
        Assert.Equal(KrpcKind.Response, Put(Signed(6, "six")).Kind);
        Assert.Equal(6, Get(TargetOf(Signed(6, "six"))).Sequence);
    }

    [Fact]
    public void Compare_and_swap_is_refused_if_somebody_else_was_first()
    {
        Put(Signed(5, "five"));
        Assert.Equal(301, Put(Signed(6, "six"), expected: 4).ErrorCode);
        Assert.Equal(KrpcKind.Response, Put(Signed(6, "six"), expected: 5).Kind);
    }

    [Fact]
    public void Salts_over_64_bytes_are_refused()
    {
        ItemContent item = Signed(1, "x") with { Salt = new byte[65] };
        Assert.Equal(207, Send(item, TokenFor(DhtRig.IdOf(1), Stranger)).ErrorCode);
        Assert.Equal(KrpcKind.Response, Put(Signed(1, "x", new string('s', 64))).Kind);
    }

    [Fact]
    public void Values_that_are_too_long_or_are_not_one_value_are_refused()
    {
        Assert.Equal(205, Put(ItemContent.Of(Value(new string('x', 997)))).ErrorCode);
        Assert.Equal(203, Put(ItemContent.Of("i01e"u8.ToArray())).ErrorCode);
        Assert.Equal(KrpcKind.Response, Put(ItemContent.Of(Value(new string('x', 996)))).Kind);
    }

    [Fact]
    public void Signatures_that_are_wrong_or_missing_are_refused()
    {
        ItemContent item = Signed(1, "x");
        byte[] wrong = item.Signature.ToArray();
        wrong[63] ^= 1;
        Assert.Equal(206, Put(item with { Signature = wrong }).ErrorCode);
        Assert.Equal(206, Put(item with { Sequence = 2 }).ErrorCode);
        Assert.Equal(206, Put(item with { Value = Value("y") }).ErrorCode);
        Assert.Equal(203, Put(item with { Signature = default }).ErrorCode);
    }

    [Fact]
    public void Items_expire_after_two_hours_unless_they_are_put_again()
    {
        ItemContent kept = ItemContent.Of(Value("kept")), lost = ItemContent.Of(Value("lost"));
        Put(kept);
        Put(lost);
        _rig.Pass(TimeSpan.FromHours(1));
        Put(kept);
        _rig.Pass(TimeSpan.FromMinutes(61));
        Assert.False(Get(TargetOf(kept)).Value.IsEmpty);
        Assert.True(Get(TargetOf(lost)).Value.IsEmpty);
        Assert.Equal(1, _rig.Machine.Status().StoredItems);
    }

    [Fact]
    public void The_store_holds_no_more_than_its_bounds()
    {
        ItemStore store = new();
        for (int i = 0; i < 2 * DhtLimits.MaxDhtItemsPerHost; i++)
            store.Put(DhtRig.IdOf(i), ItemContent.Of(Value("x")), Stranger.Address.At((ushort)(1 + i)), _rig.Now);
        Assert.Equal(DhtLimits.MaxDhtItemsPerHost, store.Count);
        for (int i = 0; i < 2 * DhtLimits.MaxDhtItems; i++)
            store.Put(DhtRig.IdOf(10_000 + i), ItemContent.Of(Value("x")), DhtRig.Node(i).Address, _rig.Now);
        Assert.Equal(DhtLimits.MaxDhtItems, store.Count);
    }

    [Fact]
    public void A_node_that_is_flooded_with_signatures_verifies_no_more_than_its_budget()
    {
        ItemContent forged = Signed(1, "x") with { Signature = new byte[Ed25519.SignatureLength] };
        byte[] token = TokenFor(TargetOf(forged), Stranger);
        Assert.Contains(202, Enumerable.Range(0, 190).Select(i => (int)Send(forged with { Sequence = i }, token).ErrorCode));
    }

    [Fact]
    public void A_search_finds_the_latest_proven_version_and_stores_what_is_made_of_it()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 12).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        ItemContent[] known = [Signed(3, "three"), Signed(7, "seven"), Signed(9, "nine") with { Value = Value("forged") }];
        ItemSearch search = new(known[0].Key, default)
        {
            Make = found => Signed(found!.Sequence + 1, "eight"),
            ExpectedSequence = 7,
        };
        List<(long? Sequence, long? Expected)> puts = [];
        _rig.Machine.FindItem(new SearchKey(1), TargetOf(known[0]), search, _rig.Now);
        int asked = 0;
        _rig.Answer((query, target) =>
        {
            NodeInfo node = nodes.Single(node => node.Address == target);
            KrpcMessage message = DhtRig.Read(query);
            if (message.Method != DhtMethod.Put)
                return _rig.AnswerTo(query, node.Id, new KrpcAnswer { Token = "token"u8, Item = known[asked++ % known.Length] });
            Assert.True(ItemContent.IsSigned(message.Key, default, message.Sequence!.Value, message.Value, message.Signature));
            puts.Add((message.Sequence, message.ExpectedSequence));
            return _rig.AnswerTo(query, node.Id, default);
        });
        SearchReport report = Assert.Single(_rig.Reports);
        Assert.Equal(7, report.Item!.Sequence);
        Assert.Equal(8, report.Announced);
        Assert.All(puts, put => Assert.Equal((8, 7), put));
    }

    [Fact]
    public void A_search_for_an_immutable_item_ends_with_the_first_answer_whose_hash_is_right()
    {
        NodeInfo[] nodes = [.. Enumerable.Range(0, 12).Select(DhtRig.Node)];
        _rig.Meet(nodes);
        ItemContent truth = ItemContent.Of(Value("truth")), lie = ItemContent.Of(Value("lie"));
        _rig.Machine.FindItem(new SearchKey(1), TargetOf(truth), new ItemSearch(default, default), _rig.Now);
        int asked = 0;
        _rig.Answer((query, target) => _rig.AnswerTo(
            query, nodes.Single(node => node.Address == target).Id, new KrpcAnswer { Item = ++asked == 3 ? truth : lie }));
        SearchReport report = Assert.Single(_rig.Reports);
        Assert.Equal(truth.Value.ToArray(), report.Item!.Value.ToArray());
        Assert.Equal(3, report.Answers);
    }

    private static byte[] MakeSecret()
    {
        byte[] secret = new byte[Ed25519.ExpandedKeyLength];
        Ed25519.Expand(new byte[Ed25519.SeedLength], secret);
        return secret;
    }

    private static ItemContent Signed(long sequence, string value, string salt = "") =>
        ItemContent.Sign(Secret, Encoding.ASCII.GetBytes(salt), sequence, Value(value));

    private static byte[] Value(string text) => Encoding.ASCII.GetBytes($"{text.Length}:{text}");

    private static NodeId TargetOf(ItemContent item) =>
        item.IsMutable ? ItemContent.TargetOf(item.Key.Span, item.Salt.Span) : ItemContent.TargetOf(item.Value.Span);

    private static string Text(NodeId id) => Encoding.Latin1.GetString(Convert.FromHexString(id.ToString()));

    private KrpcMessage Get(NodeId target) => DhtRig.Read(_rig.Ask(Stranger, new KrpcQuery { Method = DhtMethod.Get, Target = target })!);

    private byte[] TokenFor(NodeId target, NodeInfo asker) =>
        DhtRig.Read(_rig.Ask(asker, new KrpcQuery { Method = DhtMethod.Get, Target = target })!).Token.ToArray();

    private KrpcMessage Put(ItemContent item, long? expected = null) => Send(item, TokenFor(TargetOf(item), Stranger), expected);

    private KrpcMessage Send(ItemContent item, byte[] token, long? expected = null, NodeInfo? sender = null)
    {
        KrpcQuery put = new() { Method = DhtMethod.Put, Token = token, Item = item, ExpectedSequence = expected };
        return DhtRig.Read(_rig.Ask(sender ?? Stranger, put)!);
    }
}
