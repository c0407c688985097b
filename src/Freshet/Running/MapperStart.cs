using Freshet.Discovery.PortMapping;

namespace Freshet.Running;

/// <summary>Has the router of a session's network lead its port to it.</summary>
internal static class MapperStart
{
    public static PortMapper Create(SessionNetwork network, TimeProvider time)
    {
        PortMapper mapper = new(new PortMapperOptions
        {
            Binding = network.Binding,
            Time = time,
            Addresses = network.Addresses,
            Port = () => network.ListenPort,
            FindGateway = family => Gateway.Find(network.Binding, family),
        });
        mapper.Start();
        return mapper;
    }
}
