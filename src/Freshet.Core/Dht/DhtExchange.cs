using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A datagram that is being handled: from whom, how long it is, on which side, and when.</summary>
internal readonly record struct DhtExchange(NodeAddress Sender, int Length, DhtSide Side, Timestamp Now);
