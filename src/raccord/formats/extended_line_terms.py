"""Where the terms that the EXTENDED profiles add to a line stand, in CII and in UBL."""

from __future__ import annotations

from raccord.domain.invoice import Instance, LineExtended, Measure, Part, Reference
from raccord.formats.bind import Kind, Table, Term
from raccord.formats.extended_terms import DATED, REFERENCE, TAX

_UBL_LINE_REFERENCE = Table(
    Reference,
    (
        Term("line", ubl=":LineID"),
        Term("number", ubl="DocumentReference/:ID"),
        Term("day", ubl="DocumentReference/:IssueDate", kind=Kind.DAY),
        Term("type_code", ubl="?DocumentReference/:DocumentTypeCode"),
    ),
)

_UBL_BILLING_REFERENCE = Table(
    Reference,
    (
        Term("number", ubl="InvoiceDocumentReference/:ID"),
        Term("day", ubl="InvoiceDocumentReference/:IssueDate", kind=Kind.DAY),
        Term("type_code", ubl="InvoiceDocumentReference/:DocumentTypeCode"),
        Term("line", ubl="BillingReferenceLine/:ID"),
    ),
)

MEASURE = Table(
    Measure,
    (
        Term("code", "TypeCode", ":NameCode"),
        Term("name", "Description", ":Name"),
        Term("measure", "ValueMeasure", ":ValueQuantity", Kind.MEASURE, unit="unit"),
        Term("value", "Value", ":Value"),
    ),
)
"""An attribute of an item; without code nor measure it is one of BG-32."""

_PART = Table(
    Part,
    (
        Term("product_id", "ID"),
        Term("standard_id", "GlobalID", "", Kind.IDENTIFIER),
        Term("seller_id", "SellerAssignedID"),
        Term("buyer_id", "BuyerAssignedID"),
        Term("industry_id", "IndustryAssignedID"),
        Term("name", "Name"),
        Term("description", "Description"),
        Term("quantity", "UnitQuantity", "", Kind.MEASURE, unit="unit"),
    ),
)

_INSTANCE = Table(Instance, (Term("batch", "BatchID"), Term("serial", "SupplierAssignedSerialID")))

_LINE_DOCUMENT = "AssociatedDocumentLineDocument"
_LINE_PRODUCT = "SpecifiedTradeProduct"
_LINE_AGREEMENT = "SpecifiedLineTradeAgreement"
_LINE_DELIVERY = "SpecifiedLineTradeDelivery"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement"
_LINE_TOTALS = f"{_LINE_SETTLEMENT}/SpecifiedTradeSettlementLineMonetarySummation"

_LINE_REFERENCES = (
    Term(
        "order",
        f"{_LINE_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID",
        "?OrderLineReference/OrderReference/:ID",
    ),
    Term(
        "order_date",
        f"{_LINE_AGREEMENT}/BuyerOrderReferencedDocument/{DATED}",
        "?OrderLineReference/?OrderReference/:IssueDate",
        Kind.DAY,
    ),
    Term(
        "sales_order",
        f"{_LINE_AGREEMENT}/SellerOrderReferencedDocument/IssuerAssignedID",
        "?OrderLineReference/?OrderReference/:SalesOrderID",
    ),
    Term(
        "sales_order_line",
        f"{_LINE_AGREEMENT}/SellerOrderReferencedDocument/LineID",
        "?OrderLineReference/:SalesOrderLineID",
    ),
    Term("sales_order_date", f"{_LINE_AGREEMENT}/?SellerOrderReferencedDocument/{DATED}", "", Kind.DAY),
    Term(
        "customer_orders", f"{_LINE_AGREEMENT}/UltimateCustomerOrderReferencedDocument", "", Kind.MANY, table=REFERENCE
    ),
    Term("quotation", f"{_LINE_AGREEMENT}/QuotationReferencedDocument", "", Kind.ONE, table=REFERENCE),
    Term("contract", f"{_LINE_AGREEMENT}/ContractReferencedDocument", "", Kind.ONE, table=REFERENCE),
    Term("documents", f"{_LINE_AGREEMENT}/AdditionalReferencedDocument", "", Kind.MANY, table=REFERENCE),
    Term(
        "despatch_advice",
        f"{_LINE_DELIVERY}/DespatchAdviceReferencedDocument",
        "DespatchLineReference",
        Kind.ONE,
        table=REFERENCE,
        ubl_table=_UBL_LINE_REFERENCE,
        needs="line",
    ),
    Term(
        "receiving_advice",
        f"{_LINE_DELIVERY}/ReceivingAdviceReferencedDocument",
        "ReceiptLineReference",
        Kind.ONE,
        table=REFERENCE,
        ubl_table=_UBL_LINE_REFERENCE,
        needs="line",
    ),
    Term("delivery_note", f"{_LINE_DELIVERY}/DeliveryNoteReferencedDocument", "", Kind.ONE, table=REFERENCE),
    Term(
        "preceding",
        f"{_LINE_SETTLEMENT}/InvoiceReferencedDocument",
        "BillingReference",
        Kind.ONE,
        table=REFERENCE,
        ubl_table=_UBL_BILLING_REFERENCE,
        needs="number",
    ),
)

_LINE_TERMS = (
    Term("parent_line", f"{_LINE_DOCUMENT}/ParentLineID"),
    Term("status", f"{_LINE_DOCUMENT}/LineStatusCode"),
    Term("incoterms", f"{_LINE_AGREEMENT}/ApplicableTradeDeliveryTerms/DeliveryTypeCode", "DeliveryTerms/:ID"),
    Term(
        "incoterms_place",
        f"{_LINE_AGREEMENT}/?ApplicableTradeDeliveryTerms/RelevantTradeLocation/Name",
        "DeliveryTerms/DeliveryLocation/:Name",
    ),
    Term("incoterms_country", f"{_LINE_AGREEMENT}/?ApplicableTradeDeliveryTerms/RelevantTradeLocation/CountryID"),
    Term("price_vat", f"{_LINE_AGREEMENT}/NetPriceProductTradePrice/IncludedTradeTax", "", Kind.ONE, table=TAX),
    Term(
        "exemption_reason",
        f"{_LINE_SETTLEMENT}/?ApplicableTradeTax/ExemptionReason",
        "?Item/?ClassifiedTaxCategory/:TaxExemptionReason",
    ),
    Term(
        "exemption_code",
        f"{_LINE_SETTLEMENT}/?ApplicableTradeTax/ExemptionReasonCode",
        "?Item/?ClassifiedTaxCategory/:TaxExemptionReasonCode",
    ),
    Term("category_vat", f"{_LINE_SETTLEMENT}/?ApplicableTradeTax/CalculatedAmount", "", Kind.NUMBER),
    Term("charges", f"{_LINE_TOTALS}/ChargeTotalAmount", "", Kind.NUMBER),
    Term("allowances", f"{_LINE_TOTALS}/AllowanceTotalAmount", "", Kind.NUMBER),
    Term("allowances_charges", f"{_LINE_TOTALS}/TotalAllowanceChargeAmount", "", Kind.NUMBER),
    Term("product_id", f"{_LINE_PRODUCT}/ID"),
    Term("industry_id", f"{_LINE_PRODUCT}/IndustryAssignedID"),
    Term("model_id", f"{_LINE_PRODUCT}/ModelID"),
    Term("instances", f"{_LINE_PRODUCT}/IndividualTradeProductInstance", "", Kind.MANY, table=_INSTANCE),
    Term("tax_point_code", f"{_LINE_SETTLEMENT}/?ApplicableTradeTax/DueDateTypeCode"),
    Term("account_type", f"{_LINE_SETTLEMENT}/?ReceivableSpecifiedTradeAccountingAccount/TypeCode"),
    Term("ultimate_delivery", f"{_LINE_DELIVERY}/UltimateShipToTradeParty", "", Kind.PARTY),
    Term("manufacturer", f"{_LINE_PRODUCT}/ManufacturerTradeParty", "", Kind.PARTY),
    Term("per_package", f"{_LINE_DELIVERY}/PerPackageUnitQuantity", "", Kind.MEASURE, unit="per_package_unit"),
    Term("seller", f"{_LINE_AGREEMENT}/ItemSellerTradeParty", "Item/ManufacturerParty", Kind.PARTY),
    Term("free_quantity", f"{_LINE_DELIVERY}/ChargeFreeQuantity", "", Kind.MEASURE, unit="free_unit"),
    Term("package_quantity", f"{_LINE_DELIVERY}/PackageQuantity", "", Kind.MEASURE, unit="package_unit"),
    Term("brand", f"{_LINE_PRODUCT}/BrandName", "Item/:BrandName"),
    Term("model", f"{_LINE_PRODUCT}/ModelName", "Item/:ModelName"),
    Term("batches", f"{_LINE_PRODUCT}/BatchID", "Item/ItemInstance/LotIdentification/:LotNumberID", Kind.TEXTS),
    Term("parts", f"{_LINE_PRODUCT}/IncludedReferencedProduct", "", Kind.MANY, table=_PART),
    Term("gross", f"{_LINE_TOTALS}/GrandTotalAmount", "", Kind.NUMBER),
)

LINE = Table(
    LineExtended,
    (
        *_LINE_REFERENCES,
        Term(
            "subtype",
            f"{_LINE_DOCUMENT}/LineStatusReasonCode",
            "?BillingReference/InvoiceDocumentReference/:DocumentStatusCode",
        ),
        *_LINE_TERMS,
    ),
)
"""One line, from its element. Notes, price, attributes, delivery and VAT are the writers’ own: the norm has a part
in them.
"""
