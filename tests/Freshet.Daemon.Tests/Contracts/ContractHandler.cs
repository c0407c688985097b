namespace Freshet.Daemon.Tests.Contracts;

/// <summary>Sends requests, and checks every answer against the description of its operation, whatever else a test is about.</summary>
internal sealed class ContractHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        Assert.Null(await ApiDescription.ObjectionAsync(request, answer));
        return answer;
    }
}
