using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 3: is the model known, priced, and allowed to this caller, and is everything above the caller active.</summary>
internal sealed class AuthorizeStep(IPrices prices)
{
    public Denial? Run(Exchange exchange)
    {
        Caller caller = exchange.Caller;
        string alias = exchange.Request.Model;
        if (caller.Suspended is { } suspended)
        {
            return new Denial.Suspended(suspended);
        }

        if (!exchange.Directory.Models.TryGetValue(alias, out ModelConfig? model))
        {
            return new Denial.ModelNotFound(alias);
        }

        if (!caller.MayUseModel(alias))
        {
            return new Denial.ModelNotAllowed(alias);
        }

        ModelPrices inForce = prices.Current.PricesOf(model, exchange.StartedAt);
        if (inForce.Unpriced is { } route && !model.AllowUnpriced)
        {
            return new Denial.Unpriced(alias, $"{route.Provider}/{route.Model}");
        }

        exchange.Model = model;
        exchange.Prices = inForce;
        return null;
    }
}
