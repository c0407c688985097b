namespace Freshet.Daemon.Tests.Contracts;

/// <summary>Sends requests, and holds every answer against the description of its operation: whatever a test is about, it tests that.</summary>
internal sealed class ContractHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        Assert.Null(await ApiDescription.ObjectionAsync(request, answer));
        return answer;
    }
}
